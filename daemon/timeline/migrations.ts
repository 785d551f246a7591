/** The form of the timeline store's file, from nothing to the newest. */
import {
  searchMigration,
  squeezedSql,
  trigramMigration,
  wordCountMigration,
} from './searchTables.ts';

/** Statements that bring the file from version n to n + 1, in order. One that was released is never changed. */
export const migrations: readonly string[] = [
  `CREATE TABLE videos (
     id INTEGER PRIMARY KEY,
     video_id TEXT NOT NULL,
     model TEXT NOT NULL,
     frame_rate_fps REAL NOT NULL,
     silence_threshold REAL NOT NULL,
     duration_ms INTEGER,
     is_complete INTEGER NOT NULL DEFAULT 0,
     -- The store that watches it, or has watched it to its end.
     owner TEXT,
     owner_pid INTEGER,
     -- When it was last heard of, on the user's clock.
     owner_seen_ms INTEGER,
     UNIQUE (video_id, model, frame_rate_fps, silence_threshold)
   ) STRICT;
   -- AUTOINCREMENT: an id that was cited once never names another row.
   CREATE TABLE rows (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     video INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
     kind TEXT NOT NULL,
     start_ms INTEGER NOT NULL,
     end_ms INTEGER NOT NULL,
     is_open INTEGER NOT NULL DEFAULT 0,
     fields TEXT NOT NULL
   ) STRICT;
   CREATE INDEX rows_by_time ON rows (video, start_ms, id);
   ${searchMigration(['guidance', 'screenText', 'cue'])}`,
  // How far an unfinished video was watched: the last frame, and the newest row that was stored by then.
  `ALTER TABLE videos ADD COLUMN watched_ms INTEGER;
   ALTER TABLE videos ADD COLUMN watched_row INTEGER NOT NULL DEFAULT 0;`,
  // One row for each line, with the windows in which it was visible; chapters; text that was misread; where a video lies.
  `CREATE TABLE windows (
     id INTEGER PRIMARY KEY,
     row INTEGER NOT NULL REFERENCES rows(id) ON DELETE CASCADE,
     start_ms INTEGER NOT NULL,
     end_ms INTEGER NOT NULL,
     -- Where the line stood then, as JSON; the row's own box when it is not told.
     box TEXT
   ) STRICT;
   CREATE INDEX windows_by_row ON windows (row);
   INSERT INTO windows (row, start_ms, end_ms)
     SELECT id, start_ms, end_ms FROM rows WHERE kind = 'screenText' ORDER BY id;
   UPDATE rows SET fields = json_set(fields, '$.region', 'other', '$.indentColumns', 0,
                                     '$.provenance', json('{"sightings":1,"readings":1}'))
    WHERE kind = 'screenText';
   CREATE INDEX lines_by_text ON rows (video, fields ->> 'text') WHERE kind = 'screenText';
   ALTER TABLE videos ADD COLUMN path TEXT;
   ${searchMigration(['chapter'])}
   ${wordCountMigration(['guidance', 'screenText', 'cue', 'chapter'])}
   ${trigramMigration}
   INSERT INTO search_trigrams (rowid, squeezed)
     SELECT id, ${squeezedSql("fields ->> 'text'")} FROM rows
      WHERE kind IN ('guidance', 'screenText', 'cue');`,
  // What a vision encoder made of frames, as numbers of 16 bits.
  `CREATE TABLE pictures (
     video INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
     pts_ms INTEGER NOT NULL,
     rows BLOB NOT NULL,
     PRIMARY KEY (video, pts_ms)
   ) STRICT, WITHOUT ROWID;`,
  // What a live session has watched, in words, and when its first picture came, on the user's clock.
  `ALTER TABLE videos ADD COLUMN live_name TEXT;
   ALTER TABLE videos ADD COLUMN live_started_ms INTEGER;`,
  // Frames as a decoder was given them: text that was new, as JSON, and rows as numbers of 16 bits, which old frames give up.
  `CREATE TABLE frames (
     video INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
     pts_ms INTEGER NOT NULL,
     lines TEXT NOT NULL,
     rows BLOB,
     PRIMARY KEY (video, pts_ms)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO frames SELECT video, pts_ms, '[]', rows FROM pictures;
   DROP TABLE pictures;`,
];
