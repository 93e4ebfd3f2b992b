-- Storing a report no longer looks through all others; each text's hash is kept in one index and not in two; speakers, publishers and
-- months are no longer counted when they are listed.
CREATE UNIQUE INDEX reports_by_text ON reports (text);

DROP TRIGGER reports_change_texts;
DROP TRIGGER texts_change_titles;
DROP TRIGGER texts_are_not_edited;
DROP VIEW searchable_texts;
CREATE TABLE new_texts (
  id               INTEGER PRIMARY KEY,
  report           INTEGER NOT NULL REFERENCES reports (id) DEFERRABLE INITIALLY DEFERRED,
  sha256           TEXT NOT NULL,            -- of the UTF-8 bytes of the text
  name             TEXT NOT NULL,            -- the id that the article came with
  url              TEXT,
  canonical_url    TEXT,
  publisher        INTEGER REFERENCES publishers (id),
  title            TEXT,
  author           TEXT,
  language         TEXT,
  published        TEXT,                     -- the day, in the outlet's own time
  published_at     TEXT,                     -- the moment, where it is told
  published_raw    TEXT,
  published_basis  TEXT,
  origin           TEXT,                     -- where it was read from
  source_sha256    TEXT,                     -- of the bytes it was read from
  source_length    INTEGER,
  reader           TEXT,
  extractor        INTEGER REFERENCES extractors (id),      -- what read the statements of this version last
  added            TEXT,
  runs             TEXT,                     -- the map to the source: "gap gap length" for each run, gaps counted from the end of the last one
  parts            TEXT,                     -- JSON: [kind, start, end] of each part of the page
  text             TEXT NOT NULL,
  UNIQUE (sha256, report)
) STRICT;
INSERT INTO new_texts SELECT * FROM texts;
DROP TABLE texts;
ALTER TABLE new_texts RENAME TO texts;
CREATE INDEX texts_by_source ON texts (source_sha256) WHERE source_sha256 IS NOT NULL;
CREATE INDEX texts_by_report ON texts (report);
CREATE INDEX texts_by_published ON texts (published);
CREATE VIEW searchable_texts AS
SELECT texts.id, texts.title, texts.text, char(57345) || 'a' AS keys FROM texts JOIN reports ON reports.id = texts.report AND reports.text = texts.id;
CREATE TRIGGER reports_change_texts AFTER UPDATE OF text ON reports WHEN new.text <> old.text BEGIN
  INSERT INTO texts_fts (texts_fts, rowid, title, text, keys) SELECT 'delete', id, title, text, char(57345) || 'a' FROM texts WHERE id = old.text;
  INSERT INTO texts_fts (rowid, title, text, keys) SELECT id, title, text, char(57345) || 'a' FROM texts WHERE id = new.text;
END;
CREATE TRIGGER texts_change_titles AFTER UPDATE OF title ON texts
WHEN new.title IS NOT old.title AND EXISTS (SELECT 1 FROM reports WHERE id = new.report AND text = new.id) BEGIN
  INSERT INTO texts_fts (texts_fts, rowid, title, text, keys) VALUES ('delete', old.id, old.title, old.text, char(57345) || 'a');
  INSERT INTO texts_fts (rowid, title, text, keys) VALUES (new.id, new.title, new.text, char(57345) || 'a');
END;
CREATE TRIGGER texts_are_not_edited BEFORE UPDATE OF text, sha256 ON texts BEGIN SELECT raise(ABORT, 'a text is never edited'); END;

DROP INDEX statements_by_day;
DROP INDEX statements_by_speaker;
DROP INDEX statements_by_publisher;
DROP INDEX statements_by_said;
CREATE INDEX statements_by_day ON statements (day) WHERE shown;
CREATE INDEX statements_by_speaker ON statements (speaker, day) WHERE shown;
CREATE INDEX statements_by_publisher ON statements (publisher, day) WHERE shown;
CREATE INDEX statements_by_said ON statements (said) WHERE shown AND said IS NOT NULL;

CREATE TABLE tallies (
  field       TEXT NOT NULL,                 -- speaker, publisher, month, kind, act, polarity
  value       ANY NOT NULL,                  -- the number of a speaker or publisher; "2024-03", "" where the day is not known; a word
  statements  INTEGER NOT NULL,
  PRIMARY KEY (field, value)
) STRICT, WITHOUT ROWID;
INSERT INTO tallies
  SELECT 'speaker', speaker, count(*) FROM statements WHERE shown AND speaker IS NOT NULL GROUP BY 2
  UNION ALL SELECT 'publisher', publisher, count(*) FROM statements WHERE shown AND publisher IS NOT NULL GROUP BY 2
  UNION ALL SELECT 'month', substr(day, 1, 7), count(*) FROM statements WHERE shown GROUP BY 2
  UNION ALL SELECT 'kind', kind, count(*) FROM statements WHERE shown GROUP BY 2
  UNION ALL SELECT 'act', act, count(*) FROM statements WHERE shown AND act IS NOT NULL GROUP BY 2
  UNION ALL SELECT 'polarity', polarity, count(*) FROM statements WHERE shown AND polarity IS NOT NULL GROUP BY 2;
