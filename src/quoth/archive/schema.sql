-- The record: one SQLite file. Spans are half-open ranges of Unicode code points into texts.text, so that
-- substr(text, start + 1, end - start) gives the words. Days are written 2024-03-05; moments as ISO 8601 with their offset from UTC.
-- What is not known is NULL. Full-text tables hold only what is shown: what was rejected, merged, split or superseded is kept, not found.

CREATE TABLE publishers (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE extractors (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE                 -- name and version of what read the statements
) STRICT;

-- A report is what an outlet published in one place, however often its text changes.
CREATE TABLE reports (
  id        INTEGER PRIMARY KEY,
  identity  TEXT NOT NULL UNIQUE,            -- "url:…", else "id:PUBLISHER/ID", else "origin:…"
  text      INTEGER NOT NULL REFERENCES texts (id) DEFERRABLE INITIALLY DEFERRED,  -- the version that counts: the one read last
  added     TEXT                             -- when it was stored first
) STRICT;
CREATE INDEX reports_by_added ON reports (added) WHERE added IS NOT NULL;
-- Without it every new text would be looked for among all reports: SQLite checks a key both ways where it may be broken for a while.
CREATE UNIQUE INDEX reports_by_text ON reports (text);

-- Every text that a report ever had, as it was read; none is edited. `text` stands last, so that the rest is read without it.
CREATE TABLE texts (
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
CREATE INDEX texts_by_source ON texts (source_sha256) WHERE source_sha256 IS NOT NULL;
CREATE INDEX texts_by_report ON texts (report);
CREATE INDEX texts_by_published ON texts (published);

-- Somebody across reports. One who was merged into another keeps his row, names and offices, and tells whom he is now.
CREATE TABLE people (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  wikidata     TEXT,
  merged_into  TEXT REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX people_by_merged_into ON people (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE aliases (
  person  TEXT NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  name    TEXT NOT NULL,
  plain   TEXT NOT NULL,                     -- the name in plain small letters; that of the person himself is here too
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_plain ON aliases (plain);

CREATE TABLE offices (
  person            TEXT NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  number            INTEGER NOT NULL,        -- the order of the table
  position          TEXT NOT NULL,
  country           TEXT,
  started           TEXT,
  start_precision   TEXT,
  ended             TEXT,                    -- NULL: still held on as_of, and nothing is known of later
  end_precision     TEXT,
  as_of             TEXT,
  as_of_precision   TEXT,
  PRIMARY KEY (person, number)
) STRICT, WITHOUT ROWID;

-- A name as reports give it, for the person whom a reader, table or reviewer told with it ("" for none). `person` is who that is now.
CREATE TABLE speakers (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  given   TEXT NOT NULL DEFAULT '',
  plain   TEXT NOT NULL,                     -- the name in plain small letters
  person  TEXT REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (name, given)
) STRICT;
CREATE INDEX speakers_by_plain ON speakers (plain);
CREATE INDEX speakers_by_person ON speakers (person) WHERE person IS NOT NULL;

-- Somebody said that this name is not that person but another: no import and no ingestion puts them together again.
CREATE TABLE apart (
  plain   TEXT NOT NULL,
  person  TEXT NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  other   TEXT NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (plain, person)
) STRICT, WITHOUT ROWID;

-- What was done to people, with the rows as they were before and after, so that it can be undone.
CREATE TABLE people_changes (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      TEXT NOT NULL,
  editor  TEXT NOT NULL,
  action  TEXT NOT NULL,                     -- import, rename, merge, split, undo
  told    TEXT NOT NULL,                     -- one line for a reader
  rows_before  TEXT NOT NULL,                -- JSON
  rows_after   TEXT NOT NULL,
  undoes  INTEGER REFERENCES people_changes (id)
) STRICT;

-- A statement as it counts now: what the extractor read, and on top of it what reviewers said.
CREATE TABLE statements (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  key                 TEXT NOT NULL,         -- a hash of the text and the spans of the content; equal texts give equal keys
  report              INTEGER NOT NULL REFERENCES reports (id),
  text                INTEGER NOT NULL REFERENCES texts (id),
  status              TEXT NOT NULL CHECK (status IN ('extracted', 'accepted', 'rejected', 'merged', 'split', 'superseded')),
  shown               INTEGER NOT NULL GENERATED ALWAYS AS (status IN ('extracted', 'accepted')) STORED,
  speaker             INTEGER REFERENCES speakers (id),
  publisher           INTEGER REFERENCES publishers (id),   -- as in texts
  day                 TEXT NOT NULL,         -- texts.published, or "" where that is not known
  said                TEXT,                  -- the first day on which the words may have been said
  said_last           TEXT,                  -- and the last one
  kind                TEXT NOT NULL,
  act                 TEXT,
  polarity            TEXT,
  denies              INTEGER NOT NULL,
  confidence          REAL NOT NULL,
  source_confidence   REAL NOT NULL,
  speaker_confidence  REAL,
  speaker_basis       TEXT,
  said_precision      TEXT,
  said_basis          TEXT,
  said_carried        INTEGER,
  content             TEXT NOT NULL,         -- JSON: [[start, end], …]
  cue_start           INTEGER,
  cue_end             INTEGER,
  source_start        INTEGER,
  source_end          INTEGER,
  mention_start       INTEGER,               -- the words that prove the speaker
  mention_end         INTEGER,
  said_start          INTEGER,               -- the words that prove the day
  said_end            INTEGER,
  nested_in           TEXT,                  -- the key of the statement within whose content this one stands
  repairs             TEXT,
  candidates          TEXT,                  -- JSON: those who may have spoken, where the speaker is not known
  extractor           INTEGER NOT NULL REFERENCES extractors (id),
  target              INTEGER REFERENCES targets (id),      -- set where somebody reviewed it
  words               TEXT NOT NULL,         -- the content; pieces that stand apart are joined by " […] "
  about               TEXT,                  -- names found in the content, parted by "; "
  -- What full-text search sees. Speaker, publisher and "a" for all are words there too; no word of a report can be taken for one of
  -- them, because they open with a character of private use (U+E001) that is taken out of the words.
  searched            TEXT GENERATED ALWAYS AS (replace(words, char(57345), ' ')) VIRTUAL,
  searched_about      TEXT GENERATED ALWAYS AS (replace(coalesce(about, ''), char(57345), ' ')) VIRTUAL,
  keys                TEXT GENERATED ALWAYS AS (
    char(57345) || 'a' || iif(speaker IS NULL, '', ' ' || char(57345) || 's' || speaker)
    || iif(publisher IS NULL, '', ' ' || char(57345) || 'p' || publisher)
  ) VIRTUAL
) STRICT;
CREATE INDEX statements_by_key ON statements (key);
CREATE INDEX statements_by_text ON statements (text);
CREATE INDEX statements_by_day ON statements (day) WHERE shown;
CREATE INDEX statements_by_speaker ON statements (speaker, day) WHERE shown;
CREATE INDEX statements_by_publisher ON statements (publisher, day) WHERE shown;
CREATE INDEX statements_by_said ON statements (said) WHERE shown AND said IS NOT NULL;
CREATE INDEX statements_by_target ON statements (target) WHERE target IS NOT NULL;

CREATE VIEW searchable_statements AS SELECT id, searched AS words, searched_about AS about, keys FROM statements WHERE shown;

CREATE VIRTUAL TABLE statements_fts USING fts5 (
  words, about, keys,
  content = 'searchable_statements', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO statements_fts (statements_fts, rank) VALUES ('rank', 'bm25(1.0, 0.0, 0.0)');

-- What is new is put into the indexes by whoever inserts it: a trigger would make SQLite write the index out after every row.
CREATE TRIGGER statements_are_lost AFTER DELETE ON statements WHEN old.shown BEGIN
  INSERT INTO statements_fts (statements_fts, rowid, words, about, keys) VALUES ('delete', old.id, old.searched, old.searched_about, old.keys);
END;
CREATE TRIGGER statements_are_changed AFTER UPDATE OF status, words, about, speaker, publisher ON statements BEGIN
  INSERT INTO statements_fts (statements_fts, rowid, words, about, keys)
    SELECT 'delete', old.id, old.searched, old.searched_about, old.keys WHERE old.shown;
  INSERT INTO statements_fts (rowid, words, about, keys)
    SELECT new.id, new.searched, new.searched_about, new.keys WHERE new.shown;
END;

CREATE VIEW searchable_texts AS
SELECT texts.id, texts.title, texts.text, char(57345) || 'a' AS keys FROM texts JOIN reports ON reports.id = texts.report AND reports.text = texts.id;

-- The text is the first column, because a word of any other costs two bytes more.
CREATE VIRTUAL TABLE texts_fts USING fts5 (
  text, title, keys,
  content = 'searchable_texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO texts_fts (texts_fts, rank) VALUES ('rank', 'bm25(1.0, 4.0, 0.0)');

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

-- How many statements that are shown have a value, written with them, so that lists of speakers, publishers and months need not count.
CREATE TABLE tallies (
  field       TEXT NOT NULL,                 -- speaker, publisher, month, kind, act, polarity
  value       ANY NOT NULL,                  -- the number of a speaker or publisher; "2024-03", "" where the day is not known; a word
  statements  INTEGER NOT NULL,
  PRIMARY KEY (field, value)
) STRICT, WITHOUT ROWID;

-- The same statement in other reports: one row a pair, with what was found, so that taking a link back deletes one row.
CREATE TABLE variants (
  a          INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
  b          INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
  kind       TEXT NOT NULL,                  -- how near: same words, part of them, paraphrase
  score      REAL NOT NULL,
  alignment  TEXT NOT NULL,                  -- JSON: the evidence
  PRIMARY KEY (a, b),
  CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX variants_by_b ON variants (b);

-- What somebody reviewed: a statement of a report, found again by its words in whatever text and reading comes later.
CREATE TABLE targets (
  id         INTEGER PRIMARY KEY,
  report     INTEGER NOT NULL REFERENCES reports (id),
  text       INTEGER NOT NULL REFERENCES texts (id),        -- the text in which it was reviewed first
  anchors    TEXT NOT NULL,                  -- JSON: start, end, exact, prefix, suffix of each piece (W3C Web Annotation selectors)
  original   TEXT NOT NULL,                  -- JSON: the statement before the first review, or as a split or merge made it
  latest     TEXT,                           -- JSON: the same as the extractor reads it now; NULL: it reads no such statement
  made_by    INTEGER REFERENCES reviews (id) DEFERRABLE INITIALLY DEFERRED,  -- the split or merge that made it
  statement  INTEGER REFERENCES statements (id) ON DELETE SET NULL   -- where it is now; NULL: its words are gone
) STRICT;
CREATE INDEX targets_by_report ON targets (report);
CREATE INDEX targets_by_made_by ON targets (made_by) WHERE made_by IS NOT NULL;

-- What reviewers said: events that are only ever added. Each holds the hash of the one before it.
CREATE TABLE reviews (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        TEXT NOT NULL,
  reviewer  TEXT NOT NULL,
  action    TEXT NOT NULL,                   -- accept, reject, edit, speaker, said, polarity, split, merge, undo
  target    INTEGER NOT NULL REFERENCES targets (id),
  value     TEXT NOT NULL,                   -- JSON
  undoes    INTEGER REFERENCES reviews (id),
  previous  TEXT NOT NULL,
  hash      TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX reviews_by_target ON reviews (target);
CREATE TRIGGER reviews_are_not_changed BEFORE UPDATE ON reviews BEGIN SELECT raise(ABORT, 'reviews are only ever added'); END;
CREATE TRIGGER reviews_are_not_deleted BEFORE DELETE ON reviews BEGIN SELECT raise(ABORT, 'reviews are only ever added'); END;

-- Reports that could not be read, kept until they can be.
CREATE TABLE skipped (
  origin         TEXT PRIMARY KEY,
  reason         TEXT NOT NULL,
  source_sha256  TEXT,
  at             TEXT,
  tries          INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Where the poller of each feed stands, and what it has seen there.
CREATE TABLE feeds (
  url            TEXT PRIMARY KEY,
  title          TEXT,
  etag           TEXT,
  last_modified  TEXT,
  next_poll      TEXT,
  failures       INTEGER NOT NULL DEFAULT 0,
  gone           INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
  feed  TEXT NOT NULL REFERENCES feeds (url) ON DELETE CASCADE ON UPDATE CASCADE,
  id    TEXT NOT NULL,
  at    TEXT,
  PRIMARY KEY (feed, id)
) STRICT, WITHOUT ROWID;

-- Saved searches, and what each has found already.
CREATE TABLE searches (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  query    TEXT NOT NULL,                    -- JSON: the arguments of a search
  created  TEXT NOT NULL,
  seen     INTEGER NOT NULL DEFAULT 0        -- statements up to this id were looked at
) STRICT;

CREATE TABLE search_hits (
  search     INTEGER NOT NULL REFERENCES searches (id) ON DELETE CASCADE,
  statement  INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
  at         TEXT NOT NULL,
  PRIMARY KEY (search, statement)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_hits_by_statement ON search_hits (statement);

-- What programs remember between runs, such as up to which statement variants were looked for.
CREATE TABLE marks (
  name   TEXT PRIMARY KEY,
  value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
