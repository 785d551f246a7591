// Where a Python virtual environment keeps its programs.
import path from 'node:path';

/** Absolute path of a program of a virtual environment. @param {string} venv its folder @param {string} [program] */
export function pythonIn(venv, program = 'python') {
  return process.platform === 'win32'
    ? path.join(venv, 'Scripts', `${program}.exe`)
    : path.join(venv, 'bin', program);
}
