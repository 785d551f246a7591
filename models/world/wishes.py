"""What people ask to be told of, in more words than conversations have (`dialogue.ALERTS`): each wish with the kinds of events that fulfil it.

A clause stands behind "tell me when". One that names something waits for that alone. The last clause of each wish is kept for measuring.
"""

from __future__ import annotations

from dataclasses import dataclass

from text.vocabulary import Split
from world.dialogue import ALERTS

RUNS = ('command', 'run_ok', 'run_error', 'tests_pass', 'tests_fail', 'build_ok', 'build_error', 'tests_run', 'install', 'server_start', 'push')
RELATED = (  # told in like words, and asked for apart
    ('tests_pass', 'tests_fail', 'tests_run', 'test_green', 'test_red', 'test_explorer'), ('build_ok', 'build_error'), ('run_ok', 'run_error', 'output', 'waiting'), ('server_start', 'server_stop'),
    ('debug_start', 'debug_pause', 'debug_continue', 'debug_stop', 'breakpoint'), ('open', 'create', 'saved', 'closed', 'view'), ('commit', 'branch', 'push', 'merge_conflict'),
    ('function', 'type', 'import', 'value', 'change', 'code', 'rename'), ('theme_light', 'theme_dark'), ('browser', 'reload', 'slide'), ('notification', 'problem', 'chat'),
)  # fmt: skip
ERRORS = ('run_error', 'tests_fail', 'build_error', 'problem', 'merge_conflict')


@dataclass(frozen=True)
class Wish:
    """Kinds of events that fulfil it, and how it is put; with `{name}` in every clause or in none."""

    kinds: tuple[str, ...]
    clauses: tuple[str, ...]

    def phrased(self, split: Split) -> tuple[str, ...]:
        return self.clauses[:-1] if split == 'train' else self.clauses[-1:]


MORE = (
    Wish(('tests_pass', 'test_green', 'test_explorer'), ('all tests pass', 'the tests succeed', 'the suite passes', 'tests are passing', 'the unit tests are ok', 'he gets the tests to pass', 'the test suite is green', 'they have fixed the tests', 'every test passes')),
    Wish(('tests_fail', 'test_red'), ('the tests fail', 'tests are failing', 'a test is broken', 'some test does not pass', 'the test suite fails', 'one of the tests fails', 'a unit test fails')),
    Wish(('tests_fail',), ('{test} fails', 'the test {test} fails', '{test} breaks', '{test} does not pass')),
    Wish(('tests_run', 'tests_pass', 'tests_fail'), ('they run the tests', 'the tests are run', 'he starts the tests', 'the test suite is started', 'she tests the code', 'the tests are executed')),
    Wish(ERRORS, ('there is a problem', 'an error is shown', 'he gets an error', 'they run into an error', 'it does not work', 'an error message appears', 'something breaks', 'she hits an error', 'any error comes up')),
    Wish(('run_error',), ('the program crashes', 'the program stops with an error', 'there is an exception', 'the script fails', 'a traceback appears', 'it throws', 'the program fails')),
    Wish(('run_error', 'tests_fail', 'build_error'), ('they get {error}', 'the error {error} shows up', '{error} is raised', '{error} comes up', 'I see {error}')),
    Wish(('build_error',), ('the build fails', 'it does not compile', 'the build breaks', 'compilation fails', 'there is a compile error', 'the compiler complains')),
    Wish(('build_ok',), ('it compiles', 'the project is built', 'the build is finished', 'they build the project', 'compiling works', 'the build works')),
    Wish(('run_ok', 'run_error'), ('they run the program', 'the program is started', 'he runs the code', 'the script is run', 'they start the program', 'the code is executed')),
    Wish(RUNS, ('they use the terminal', 'something is typed in the terminal', 'he executes a command', 'she runs something', 'a command is executed', 'they enter a command')),
    Wish(RUNS, ('they run {command}', '{command} is run', 'he executes {command}', '{command} is executed', 'she types {command}', '{command} is started')),
    Wish(('install',), ('something is installed', 'he installs a package', 'a library is installed', 'they need a new package', 'a new dependency is installed', 'she adds a dependency', 'packages are installed')),
    Wish(('install',), ('{package} is added', 'he installs {package}', 'the package {package} is installed', 'they add {package}', '{package} gets installed')),
    Wish(('install',), ('they use {tool}', 'something is installed with {tool}', '{tool} is used')),
    Wish(('commit',), ('he commits', 'something gets committed', 'there is a commit', 'she makes a commit', 'changes are committed', 'they save their work in git', 'a new commit is made')),
    Wish(('commit',), ('{message} is committed', 'they commit {message}', 'the commit {message} is made')),
    Wish(('branch',), ('a branch is created', 'they switch branches', 'he creates a branch', 'they change the branch', 'a new branch is made', 'she checks out a branch')),
    Wish(('branch',), ('they switch to {branch}', 'the branch {branch} is created', '{branch} is checked out')),
    Wish(('push',), ('he pushes', 'something is pushed', 'they publish their commits', 'the branch is pushed', 'she uploads the commits')),
    Wish(('merge_conflict',), ('there is a merge conflict', 'a conflict appears', 'the merge fails', 'they have a conflict', 'git reports a conflict')),
    Wish(('open', 'create'), ('they go to another file', 'he opens another file', 'the file changes', 'she looks at another file', 'they move on to the next file', 'a different file is shown')),
    Wish(('open', 'create'), ('they get to {file}', 'he opens {file}', '{file} is shown', 'they look at {file}', 'she switches to {file}', 'they are in {file}', '{file} comes up')),
    Wish(('create',), ('a file is created', 'they create a file', 'a new file is added', 'he makes a new file', 'they add a file', 'she creates a new file')),
    Wish(('create',), ('{file} is created', 'they create {file}', 'he adds {file}')),
    Wish(('saved',), ('they save', 'the file is saved', 'he saves the file', 'she saves', 'something is saved')),
    Wish(('function',), ('he defines a function', 'they add a method', 'a function is defined', 'she writes a new function', 'they start a new function', 'he adds a function')),
    Wish(('function',), ('{function} is added', 'he writes {function}', 'they define {function}', 'the function {function} is written', 'she gets to {function}')),
    Wish(('type',), ('a class is written', 'they define a type', 'a type is added', 'he writes a class', 'an interface is defined', 'she adds a class')),
    Wish(('type',), ('{type} is defined', 'they write {type}', 'he adds the class {type}')),
    Wish(('import',), ('something is imported', 'they import a module', 'an import is added', 'he adds an import', 'she imports something')),
    Wish(('import',), ('{module} is imported', 'they import {module}', 'he imports {module}')),
    Wish(('value', 'change'), ('a value changes', 'they change a value', 'a setting is changed', 'he sets a value', 'a variable is set', 'a constant is changed')),
    Wish(('value', 'change'), ('{name} is changed', 'they change {name}', '{name} is set', 'he sets {name}', 'the value of {name} changes')),
    Wish(('code', 'function', 'type', 'import', 'value', 'change'), ('they write code', 'code is added', 'he types code', 'they start coding', 'the code changes', 'she writes some code')),
    Wish(('rename',), ('something is renamed', 'they rename a variable', 'he renames something', 'a name is changed', 'she renames a symbol')),
    Wish(('rename',), ('{old} is renamed', 'they rename {old}', 'he renames {old}')),
    Wish(('find',), ('they search for something', 'he searches', 'something is searched', 'they look for something', 'she uses the search')),
    Wish(('completed', 'completions'), ('suggestions appear', 'they use a suggestion', 'a completion is accepted', 'the editor suggests something', 'he takes a completion')),
    Wish(('server_start',), ('they start the server', 'the server is running', 'he starts the server', 'the app is running', 'the dev server is up', 'she starts the app', 'the server listens')),
    Wish(('server_start',), ('something runs on port {port}', 'port {port} is used', 'the server is up on {port}')),
    Wish(('server_stop',), ('the server is stopped', 'they stop the server', 'the server goes down', 'he stops the server', 'the server ends')),
    Wish(('browser', 'reload'), ('he opens the browser', 'they switch to the browser', 'a page is opened', 'they show the page', 'the website is shown', 'she looks at the web page')),
    Wish(('browser',), ('{title} is shown', 'they open {title}', 'he looks at {title}', 'the page {title} appears')),
    Wish(('reload',), ('the page changes', 'the preview is updated', 'the page is updated', 'the page reloads')),
    Wish(('slide',), ('a slide is shown', 'the slides appear', 'there is a new slide', 'he shows a slide', 'they show slides')),
    Wish(('slide',), ('the slide {title} is shown', 'they get to the slide {title}', 'he comes to {title}')),
    Wish(('notification',), ('a popup appears', 'a notification is shown', 'the editor shows a message', 'a message pops up', 'something pops up')),
    Wish(('problem',), ('a problem is reported', 'the editor reports a problem', 'there is a warning', 'the linter complains', 'something is underlined')),
    Wish(('terminal',), ('they go to the terminal', 'the terminal is shown', 'he switches to the terminal', 'a terminal window appears')),
    Wish(('debug_start', 'debug_pause'), ('they debug', 'the debugger is started', 'he starts debugging', 'she uses the debugger', 'the debugger runs')),
    Wish(('debug_pause',), ('a breakpoint is reached', 'the program stops at a breakpoint', 'the debugger pauses', 'the program is paused', 'it halts at a breakpoint')),
    Wish(('debug_stop',), ('the debugger is stopped', 'they stop debugging', 'debugging ends', 'the debug session is over')),
    Wish(('breakpoint',), ('a breakpoint is set', 'they set a breakpoint', 'he adds a breakpoint', 'she places a breakpoint')),
    Wish(('chat',), ('somebody writes in the chat', 'there is a chat message', 'a viewer writes something', 'the chat says something', 'someone comments in the chat')),
    Wish(('theme_light', 'theme_dark'), ('the theme changes', 'they switch the theme', 'he changes the colours', 'another theme is used')),
    Wish(('menu', 'palette', 'button', 'selected', 'checked'), ('they choose something', 'something is clicked', 'he clicks on something', 'an option is chosen', 'she picks something')),
    Wish(('menu', 'palette'), ('they use the menu', 'a menu entry is chosen', 'he opens the command palette', 'a command is chosen from the menu')),
    Wish(('button',), ('{label} is clicked', 'they press {label}', 'he clicks {label}', 'the button {label} is pressed')),
    Wish(('typed',), ('they fill in a form', 'something is typed', 'text is entered', 'he types something', 'a field is filled in')),
    Wish(('typed',), ('{text} is typed', 'they enter {text}', 'he types {text}')),
    Wish(('view',), ('they open a view', 'another view is shown', 'he goes to another page', 'the view changes')),
    Wish(('view',), ('{view} is shown', 'they open {view}', 'he goes to {view}')),
    Wish(('cell',), ('a cell is run', 'they run a cell', 'he executes a cell', 'the notebook runs')),
    Wish(('output',), ('something is printed', 'there is output', 'the program prints something', 'they get a result')),
    Wish(('waiting',), ('it hangs', 'the program is waiting', 'it takes long', 'they have to wait')),
    Wish(('scroll',), ('they scroll', 'he scrolls', 'the file is scrolled')),
    Wish(('side_show', 'side_hide', 'panel_open', 'panel_close'), ('a panel is opened or closed', 'the panel changes', 'the side bar changes')),
)  # fmt: skip
WISHES = (*(Wish(alert.kinds, alert.clauses) for alert in ALERTS), *MORE)
