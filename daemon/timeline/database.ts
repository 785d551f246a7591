/** The one door to SQLite: opens a file with the house's pragmas and migrations, and turns its failures into AppErrors. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { AppError } from '../base/errors.ts';

/** A record as SQLite gives it: column name → value. */
export type SqlRecord = Readonly<Record<string, unknown>>;
export type SqlValue = string | number | null | Uint8Array;

export interface DatabaseOptions {
  /** Its folder is made when it is missing. */
  readonly file: string;
  /** Statements that bring a database from version n to n + 1, in order; `user_version` counts those that were run. */
  readonly migrations: readonly string[];
  /** Up to this size the file is looked at as a whole whenever it is opened, bytes; a third of a second when left out. */
  readonly alwaysCheckedBytes?: number;
  /** Hears that a damaged file was put aside, in one sentence. */
  readonly onDamage: (sentence: string) => void;
}

/** How long a statement waits for another process to finish writing. */
const busyTimeoutMs = 5000;

/** Looking at a file of this size takes a third of a second. */
const usuallyCheckedBytes = 32e6;
/** Lies beside a file in which damage was met. */
const checkMark = (file: string): string => `${file}.check`;

/** Primary result codes. @source https://sqlite.org/rescode.html */
const resultCodes = { corrupt: 11, notADatabase: 26 } as const;
/** Failures of the machine rather than of the program: busy, locked, readonly, ioerr, full, cantopen, protocol, nolfs, auth. */
const environmentCodes = new Set([5, 6, 8, 10, 13, 14, 15, 22, 23, 11, 26]);

/** An open database. Every call is synchronous and short; nothing here may be called with user text as SQL. */
export class Database implements Disposable {
  readonly #connection: DatabaseSync;
  readonly #file: string;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(connection: DatabaseSync, file: string) {
    this.#connection = connection;
    this.#file = file;
  }

  /**
   * Opens or makes the file. A damaged one is renamed aside and a new one begun: a timeline can be watched again, so a
   * program that starts is worth more than rows that cannot be read.
   * @throws AppError store.unavailable
   */
  static open(options: DatabaseOptions): Database {
    try {
      return Database.#connect(options);
    } catch (error) {
      if (!isDamage(error)) throw translate(error);
      const aside = `${options.file}.damaged-${process.pid}-${process.hrtime.bigint()}`;
      try {
        renameSync(options.file, aside);
        for (const suffix of ['-wal', '-shm']) moveIfPresent(options.file, aside, suffix);
      } catch (renameError) {
        throw unavailable('The timeline store is damaged and cannot be put aside.', renameError);
      }
      options.onDamage(`The timeline store was damaged; it now lies in ${aside}.`);
      try {
        return Database.#connect(options);
      } catch (secondError) {
        throw translate(secondError);
      }
    }
  }

  static #connect({ file, migrations, alwaysCheckedBytes }: DatabaseOptions): Database {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const connection = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    try {
      // In WAL mode `normal` survives a crash of this process. After a power failure only unfinished timelines can miss
      // their last transactions, and what those held is watched again: `checkpoint` makes the finished ones safe.
      connection.exec(
        `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`,
      );
      // From the first row on: a page that is split leaves a copy of its rows behind, which no later deletion finds.
      connection.exec('PRAGMA secure_delete = ON');
      if (isToBeChecked(file, alwaysCheckedBytes)) {
        const [check] = connection.prepare('PRAGMA quick_check(1)').all();
        if (check?.['quick_check'] !== 'ok') throw new DamageError();
        rmSync(checkMark(file), { force: true });
      }
      migrate(connection, migrations);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new Database(connection, file);
  }

  /** Runs a statement that gives no records. @returns the rowid of the last insert. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guarded(() => Number(this.#prepare(sql).run(...values).lastInsertRowid));
  }

  all(sql: string, ...values: readonly SqlValue[]): SqlRecord[] {
    return this.#guarded(() => this.#prepare(sql).all(...(values as SQLInputValue[])));
  }

  get(sql: string, ...values: readonly SqlValue[]): SqlRecord | undefined {
    return this.#guarded(() => this.#prepare(sql).get(...(values as SQLInputValue[])));
  }

  /** Runs `work` as a whole or not at all. Inside another transaction it becomes part of that. */
  transaction<Result>(work: () => Result): Result {
    if (this.#isInTransaction()) return work();
    this.#guarded(() => {
      this.#connection.exec('BEGIN IMMEDIATE');
    });
    try {
      const result = work();
      this.#guarded(() => {
        this.#connection.exec('COMMIT');
      });
      return result;
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.#isInTransaction()) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Forces everything committed so far onto the disk. */
  checkpoint(): void {
    this.#guarded(() => {
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
    });
  }

  /** Everything committed so far goes into the file, and what was replaced does not stay beside it; not while others read. */
  emptyLog(): void {
    this.#guarded(() => {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      // The next one that opens the file looks at all of it.
      if (isDamage(error)) writeFileSync(checkMark(this.#file), '');
      throw translate(error);
    }
  }

  #isInTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Whether this runtime's SQLite has FTS5, without which nothing can be searched. */
export function hasFullTextSearch(): boolean {
  const connection = new DatabaseSync(':memory:');
  try {
    connection.exec('CREATE VIRTUAL TABLE probe USING fts5(words)');
    return true;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

/** Whether a file is looked at as a whole before it is used. */
function isToBeChecked(file: string, alwaysCheckedBytes = usuallyCheckedBytes): boolean {
  return statSync(file).size <= alwaysCheckedBytes || existsSync(checkMark(file));
}

/** `quick_check` found something. */
class DamageError extends Error {
  override readonly name = 'DamageError';
}

function migrate(connection: DatabaseSync, migrations: readonly string[]): void {
  const version = (): number =>
    Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() > migrations.length) {
    throw unavailable('The timeline store was written by a newer version of Codealong.');
  }
  if (version() === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have migrated while this one waited for the lock.
    for (const migration of migrations.slice(version())) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function moveIfPresent(file: string, aside: string, suffix: string): void {
  try {
    renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  } catch {
    // SQLite removes them when it closes the last connection.
  }
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function isDamage(error: unknown): boolean {
  if (error instanceof DamageError) return true;
  const code = primaryCode(error);
  return code === resultCodes.corrupt || code === resultCodes.notADatabase;
}

const unavailable = (sentence: string, cause?: unknown): AppError =>
  new AppError('store.unavailable', sentence, { cause });

/** What the machine did to us becomes store.unavailable; wrong SQL stays the bug it is. */
function translate(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const isFileSystem = error instanceof Error && 'syscall' in error;
  const code = primaryCode(error);
  if (!isFileSystem && !isDamage(error) && !(code !== undefined && environmentCodes.has(code))) {
    return error;
  }
  const what = error instanceof Error ? error.message : 'unknown';
  return unavailable(`The timeline store cannot be used: ${what}.`, error);
}
