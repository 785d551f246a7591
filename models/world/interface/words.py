"""What stands in menus, pickers, views and messages of VS Code and its extensions.

The lists are by hand; rows that only make a screen dense come from the editor's own strings (text/corpus.py) where that corpus was mined. One entry in ten
is never drawn in training.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from text.corpus import PATH, Corpus
from text.vocabulary import VERBS, Split, is_held_out
from world.developer import World

T = TypeVar('T')
Keyed = tuple[str, str]  # an entry and its key binding or detail


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace('\n', '|').split('|') if part)


def _keyed(text: str) -> tuple[Keyed, ...]:
    return tuple((entry.partition('=')[0], entry.partition('=')[2]) for entry in _split(text))


COMMANDS = _keyed("""Format Document=Shift+Alt+F|Format Selection=Ctrl+K Ctrl+F|Developer: Reload Window=Ctrl+R|View: Toggle Word Wrap=Alt+Z|Organize Imports=Shift+Alt+O|View: Close All Editors=Ctrl+K Ctrl+W
Git: Pull|Git: Push|Git: Sync|Git: Clone|Git: Commit Staged|Git: Commit All|Git: Checkout to...|Git: Create Branch...|Git: Stage All Changes|Git: Stash|Git: Pop Latest Stash...|Git: Undo Last Commit|Git: Fetch|Git: Merge Branch...|Git: Initialize Repository|Git: Publish Branch...|Git: View History
Python: Select Interpreter|Python: Create Environment...|Python: Run Python File in Terminal|Python: Configure Tests|Python: Start Terminal REPL|Debug: Start Debugging=F5|Debug: Start Without Debugging=Ctrl+F5|Debug: Add Configuration...|Debug: Toggle Breakpoint=F9|Debug: Restart=Ctrl+Shift+F5
Preferences: Open User Settings (JSON)|Preferences: Open Settings (UI)=Ctrl+,|Preferences: Open Keyboard Shortcuts=Ctrl+K Ctrl+S|Preferences: Color Theme=Ctrl+K Ctrl+T|Preferences: Configure User Snippets|Preferences: File Icon Theme|Preferences: Open Workspace Settings
View: Toggle Terminal=Ctrl+`|View: Toggle Zen Mode=Ctrl+K Z|View: Split Editor Right=Ctrl+\\|View: Toggle Primary Side Bar Visibility=Ctrl+B|View: Toggle Minimap|View: Show Explorer=Ctrl+Shift+E|View: Show Extensions=Ctrl+Shift+X|View: Toggle Full Screen=F11|View: Toggle Panel Visibility=Ctrl+J
Terminal: Create New Terminal=Ctrl+Shift+`|Terminal: Kill the Active Terminal Instance|Terminal: Select Default Profile|Terminal: Clear|Terminal: Run Active File in Active Terminal|Tasks: Run Task|Tasks: Run Build Task=Ctrl+Shift+B|Tasks: Configure Task|Tasks: Run Test Task
Test: Run All Tests=Ctrl+; A|Test: Run Test at Cursor=Ctrl+; C|Test: Rerun Failed Tests=Ctrl+; E|Test: Debug Test at Cursor|Test: Show Output|Change Language Mode=Ctrl+K M|Change End of Line Sequence|Change All Occurrences=Ctrl+F2|Add Cursor Above=Ctrl+Shift+Up
File: New File...=Ctrl+Alt+N|File: Open Folder...=Ctrl+K Ctrl+O|File: Save All=Ctrl+K S|File: Compare Active File With...|File: Reveal Active File in Explorer View|File: Copy Path of Active File=Shift+Alt+C|File: Toggle Auto Save
Transform to Uppercase|Transform to Title Case|Transform to Snake Case|Sort Lines Ascending|Sort Lines Descending|Trim Trailing Whitespace=Ctrl+K Ctrl+X|Join Lines|Delete Duplicate Lines|Fold All=Ctrl+K Ctrl+0|Unfold All=Ctrl+K Ctrl+J|Toggle Line Comment=Ctrl+/|Snippets: Insert Snippet|Emmet: Wrap with Abbreviation
Docker: Add Docker Files to Workspace...|Docker: Compose Up|Docker Images: Build Image...|Docker: Prune System|Live Server: Open with Live Server=Alt+L Alt+O|Live Server: Stop Live Server|Jupyter: Create New Jupyter Notebook|Jupyter: Export to HTML|Markdown: Open Preview to the Side=Ctrl+K V|Markdown: Open Preview=Ctrl+Shift+V
Go: Install/Update Tools|Go: Add Import|Go: Test Function At Cursor|Go: Generate Unit Tests For Function|rust-analyzer: Run|rust-analyzer: Expand macro recursively|rust-analyzer: Restart server|TypeScript: Restart TS Server|TypeScript: Select TypeScript Version...|ESLint: Fix all auto-fixable Problems|ESLint: Restart ESLint Server
Dev Containers: Reopen in Container|Dev Containers: Rebuild Container|Remote-SSH: Connect to Host...|WSL: Connect to WSL|Azure: Sign In|AWS: Connect to AWS|Kubernetes: Set Kubeconfig|Cosmos DB: Create Database|PostgreSQL: New Query|SQLite: Open Database|MongoDB: Connect|Redis: Add Connection|Bookmarks: Toggle|Todo Tree: Refresh
Java: Create Java Project...|Java: Clean Java Language Server Workspace|Maven: Add a dependency...|Spring Initializr: Create a Maven Project...|CMake: Configure|CMake: Build=F7|C/C++: Edit Configurations (UI)|.NET: New Project...|.NET: Build|NuGet: Add NuGet Package...|Flutter: New Project|Flutter: Select Device|PHP: Restart|Ruby: Run
Extensions: Install Extensions=Ctrl+Shift+X|Extensions: Install from VSIX...|Extensions: Show Installed Extensions|Extensions: Disable All Installed Extensions|Help: Welcome|Help: Toggle Developer Tools=Ctrl+Shift+I|Help: About|Developer: Toggle Screencast Mode|Developer: Inspect Editor Tokens and Scopes|Notifications: Clear All Notifications""")  # fmt: skip

EDITOR_MENU = (
    _keyed('Go to Definition=F12|Go to Type Definition|Go to Implementations=Ctrl+F12|Go to References=Shift+F12|Go to Source Definition|Go to Declaration'),
    _keyed('Peek=>|Find All References=Shift+Alt+F12|Find All Implementations|Show Call Hierarchy=Shift+Alt+H|Show Type Hierarchy'),
    _keyed('Rename Symbol=F2|Change All Occurrences=Ctrl+F2|Format Document=Shift+Alt+F|Format Document With...|Format Selection=Ctrl+K Ctrl+F|Refactor...=Ctrl+Shift+R|Source Action...|Organize Imports=Shift+Alt+O'),
    _keyed('Run Python=>|Run Code=Ctrl+Alt+N|Run in Interactive Window=>|Go to Test|Run Test|Debug Test|Run to Cursor|Add to Watch|Evaluate in Debug Console|Go: Toggle Test File|Add Conditional Breakpoint...|Add Logpoint...|Open with Live Server=Alt+L Alt+O|Generate Getters and Setters...|Git: File History|Surround With...|Generate Docstring|Explain Selection'),
    _keyed('Cut=Ctrl+X|Copy=Ctrl+C|Paste=Ctrl+V'),
    _keyed('Command Palette...=Ctrl+Shift+P'),
)
PEEK_MENU = _keyed('Peek Definition=Alt+F12|Peek Type Definition|Peek Implementations=Ctrl+Shift+F12|Peek References|Peek Call Hierarchy|Peek Declaration')
FILE_MENU = (
    _keyed('New File...|New Folder...|Open to the Side=Ctrl+Enter|Open With...|Reveal in File Explorer=Shift+Alt+R|Reveal in Finder|Open in Integrated Terminal|Open Containing Folder'),
    _keyed('Select for Compare|Compare with Selected|Open Timeline|Find in Folder...=Shift+Alt+F|Find File References'),
    _keyed('Run Python File in Terminal|Open with Live Server|Open Preview=Ctrl+Shift+V|Run Tests in Current Folder|Compose Up|Build Image...|Add to .gitignore|Git: View File History|Execute Notebook|Preview Swagger|Restore NuGet Packages|New Java Class|Generate Unit Tests'),
    _keyed('Cut=Ctrl+X|Copy=Ctrl+C|Paste=Ctrl+V'),
    _keyed('Copy Path=Shift+Alt+C|Copy Relative Path=Ctrl+K Ctrl+Shift+C'),
    _keyed('Rename...=F2|Delete=Delete|Duplicate'),
)
TAB_MENU = (
    _keyed('Close=Ctrl+F4|Close Others|Close to the Right|Close Saved=Ctrl+K U|Close All=Ctrl+K Ctrl+W'),
    _keyed('Copy Path=Shift+Alt+C|Copy Relative Path=Ctrl+K Ctrl+Shift+C'),
    _keyed('Reopen Editor With...|Share=>|Find File References|Reveal in Explorer View'),
    _keyed('Keep Open=Ctrl+K Enter|Pin=Ctrl+K Shift+Enter'),
    _keyed('Split Up=Ctrl+K Ctrl+\\|Split Down|Split Left|Split Right|Split in Group=Ctrl+K Ctrl+Shift+\\|Move into New Window|Copy into New Window=Ctrl+K O'),
)
SCM_MENU = (
    _keyed('Open Changes|Open File|Open File (HEAD)'),
    _keyed('Discard Changes|Stage Changes|Stash Changes|Add to .gitignore'),
    _keyed('Reveal in Explorer View|Reveal in File Explorer|Copy Path|Compare with Branch...|Cherry Pick|Share=>'),
)
TREE_MENU = (
    _keyed('Refresh|Start|Stop|Restart|Remove...|Inspect|View Logs|Attach Shell|Attach Visual Studio Code|Open in Browser|Pull|Push...|Tag...|Run|Run Interactive'),
    _keyed('New Query|Create Database...|Create Table|Drop Table|Select Top 1000|Show Table Data|Edit Connection|Disconnect|Copy Name|Export Data|Copy Connection String|Backup'),
    _keyed('Open in Portal|Deploy to Web App...|Upload Settings...|Start Streaming Logs|View Properties|Add New Setting...|Describe|Load|Scale|Port Forward|Delete Now|Delete Resource...'),
)
GIT_MENU = (
    _keyed('View & Sort=>|Pull|Push|Clone|Checkout to...|Fetch'),
    _keyed('Commit=>|Changes=>|Pull, Push=>|Branch=>|Remote=>|Stash=>|Tags=>|Worktrees=>'),
    _keyed('Show Git Output'),
)
MENU_BAR = {
    'File': _keyed('New Text File=Ctrl+N|New File...=Ctrl+Alt+Windows+N|New Window=Ctrl+Shift+N|Open File...=Ctrl+O|Open Folder...=Ctrl+K Ctrl+O|Open Workspace from File...|Open Recent=>|Add Folder to Workspace...|Save Workspace As...|Save=Ctrl+S|Save As...=Ctrl+Shift+S|Save All=Ctrl+K S|Share=>|Auto Save|Preferences=>|Revert File|Close Editor=Ctrl+F4|Close Folder=Ctrl+K F|Exit'),
    'Edit': _keyed('Undo=Ctrl+Z|Redo=Ctrl+Y|Cut=Ctrl+X|Copy=Ctrl+C|Paste=Ctrl+V|Find=Ctrl+F|Replace=Ctrl+H|Find in Files=Ctrl+Shift+F|Replace in Files=Ctrl+Shift+H|Toggle Line Comment=Ctrl+/|Toggle Block Comment=Shift+Alt+A|Emmet: Expand Abbreviation=Tab'),
    'Selection': _keyed('Select All=Ctrl+A|Expand Selection=Shift+Alt+RightArrow|Shrink Selection=Shift+Alt+LeftArrow|Copy Line Up=Shift+Alt+UpArrow|Copy Line Down=Shift+Alt+DownArrow|Move Line Up=Alt+UpArrow|Duplicate Selection|Add Cursor Above=Ctrl+Alt+UpArrow|Add Next Occurrence=Ctrl+D|Select All Occurrences=Ctrl+Shift+L|Column Selection Mode'),
    'View': _keyed('Command Palette...=Ctrl+Shift+P|Open View...|Appearance=>|Editor Layout=>|Explorer=Ctrl+Shift+E|Search=Ctrl+Shift+F|Source Control=Ctrl+Shift+G|Run=Ctrl+Shift+D|Extensions=Ctrl+Shift+X|Testing|Problems=Ctrl+Shift+M|Output=Ctrl+Shift+U|Debug Console=Ctrl+Shift+Y|Terminal=Ctrl+`|Word Wrap=Alt+Z'),
    'Go': _keyed('Back=Alt+LeftArrow|Forward=Alt+RightArrow|Last Edit Location=Ctrl+K Ctrl+Q|Switch Editor=>|Go to File...=Ctrl+P|Go to Symbol in Workspace...=Ctrl+T|Go to Symbol in Editor...=Ctrl+Shift+O|Go to Definition=F12|Go to References=Shift+F12|Go to Line/Column...=Ctrl+G|Next Problem=F8|Next Change=Alt+F3'),
    'Run': _keyed('Start Debugging=F5|Run Without Debugging=Ctrl+F5|Stop Debugging=Shift+F5|Restart Debugging=Ctrl+Shift+F5|Open Configurations|Add Configuration...|Step Over=F10|Step Into=F11|Step Out=Shift+F11|Continue=F5|Toggle Breakpoint=F9|New Breakpoint=>|Enable All Breakpoints|Remove All Breakpoints|Install Additional Debuggers...'),
    'Terminal': _keyed('New Terminal=Ctrl+Shift+`|Split Terminal=Ctrl+Shift+5|Run Task...|Run Build Task...=Ctrl+Shift+B|Run Active File|Run Selected Text|Show Running Tasks...|Restart Running Task...|Configure Tasks...|Configure Default Build Task...'),
    'Help': _keyed('Welcome|Show All Commands=Ctrl+Shift+P|Documentation|Editor Playground|Open Walkthrough...|Show Release Notes|Keyboard Shortcuts Reference=Ctrl+K Ctrl+R|Video Tutorials|Tips and Tricks|Report Issue|View License|Toggle Developer Tools|Open Process Explorer|Check for Updates...|About'),
}  # fmt: skip
SUB_MENUS = {
    'Peek': PEEK_MENU,
    'Commit': _keyed('Commit|Commit Staged|Commit All|Undo Last Commit|Abort Rebase|Commit (Amend)|Commit Staged (Amend)|Commit (Signed Off)'),
    'Changes': _keyed('Stage All Changes|Unstage All Changes|Discard All Changes'),
    'Pull, Push': _keyed('Sync|Pull|Pull (Rebase)|Pull from...|Push|Push to...|Fetch|Fetch (Prune)|Fetch From All Remotes'),
    'Branch': _keyed('Merge...|Rebase Branch...|Create Branch...|Create Branch From...|Rename Branch...|Delete Branch...|Publish Branch...'),
    'Remote': _keyed('Add Remote...|Remove Remote'),
    'Stash': _keyed('Stash|Stash (Include Untracked)|Stash Staged|Apply Latest Stash|Apply Stash...|Pop Latest Stash|Pop Stash...|Drop Stash...|Drop All Stashes...|View Stash...'),
    'Tags': _keyed('Create Tag...|Delete Tag...|Delete Remote Tag...|Push Tags'),
    'Open Recent': _keyed('Reopen Closed Editor=Ctrl+Shift+T|~/code/notes|~/work/website|~/projects/api-server|More...=Ctrl+R|Clear Recently Opened...'),
    'Preferences': _keyed('Profile (Default)=>|Settings=Ctrl+,|Extensions=Ctrl+Shift+X|Keyboard Shortcuts=Ctrl+K Ctrl+S|Configure Snippets|User Tasks|Theme=>|Backup and Sync Settings...|Online Services Settings'),
    'Appearance': _keyed('Full Screen=F11|Zen Mode=Ctrl+K Z|Centered Layout|Menu Bar|Primary Side Bar=Ctrl+B|Secondary Side Bar=Ctrl+Alt+B|Status Bar|Panel=Ctrl+J|Activity Bar Position=>|Panel Position=>|Minimap|Breadcrumbs|Sticky Scroll|Render Whitespace|Zoom In=Ctrl+=|Zoom Out=Ctrl+-|Reset Zoom=Ctrl+NumPad0'),
    'Editor Layout': _keyed('Split Up=Ctrl+K Ctrl+\\|Split Down|Split Left|Split Right|Split in Group|Single|Two Columns|Three Columns|Two Rows|Three Rows|Grid (2x2)|Flip Layout=Shift+Alt+0'),
    'New Breakpoint': _keyed('Conditional Breakpoint...|Edit Breakpoint|Inline Breakpoint=Shift+F9|Function Breakpoint...|Logpoint...|Triggered Breakpoint...'),
    'Run Python': _keyed('Run Python File in Terminal|Run Selection/Line in Python Terminal=Shift+Enter|Run Current File in Interactive Window|Debug Python File in Terminal'),
    'Run in Interactive Window': _keyed('Run Current File in Interactive Window|Run From Line in Interactive Window|Run To Line in Interactive Window'),
    'Share': _keyed('Export Profile (Default)...|Copy vscode.dev Link|Copy GitHub Permalink|Copy GitHub Head Link'),
    'Switch Editor': _keyed('Next Editor=Ctrl+PageDown|Previous Editor=Ctrl+PageUp|Next Used Editor|Group 1=Ctrl+1|Group 2=Ctrl+2|Next Group|Previous Group'),
}  # fmt: skip

LANGUAGE_MODES = _split('Auto Detect|Bash|Batch|C|C#|C++|Clojure|CSS|Dart|Diff|Dockerfile|Elixir|F#|Go|Go Template|Groovy|Handlebars|HTML|Ignore|Ini|Java|JavaScript|JavaScript JSX|JSON|JSON with Comments|Julia|Kotlin|LaTeX|Less|Lua|Makefile|Markdown|Objective-C|Perl|PHP|Plain Text|PowerShell|Properties|Pug|Python|R|Razor|Ruby|Rust|SCSS|ShaderLab|SQL|Swift|TOML|TypeScript|TypeScript JSX|Vue|XML|XSL|YAML')
THEMES_DARK = _split('Dark Modern|Dark+|Dark (Visual Studio)|Abyss|Kimbie Dark|Monokai|Monokai Dimmed|Red|Solarized Dark|Tomorrow Night Blue|Dark High Contrast|One Dark Pro|Dracula Official|Night Owl|Material Theme Palenight|Tokyo Night|GitHub Dark Default|Nord|Gruvbox Dark Hard|Cobalt2|Ayu Mirage|SynthWave 84|Catppuccin Mocha')
THEMES_LIGHT = _split('Light Modern|Light+|Light (Visual Studio)|Quiet Light|Solarized Light|Light High Contrast|GitHub Light Default|Night Owl Light|Ayu Light|Atom One Light|Tokyo Night Light|Gruvbox Light Soft|Catppuccin Latte|Winter is Coming (Light)|Brackets Light Pro')
EXTENSIONS = _keyed("""Python=Microsoft|Pylance=Microsoft|Jupyter=Microsoft|ESLint=Microsoft|Prettier - Code formatter=Prettier|Live Server=Ritwick Dey|GitLens=GitKraken|Docker=Microsoft|Dev Containers=Microsoft|Remote - SSH=Microsoft|C/C++=Microsoft|C# Dev Kit=Microsoft|Extension Pack for Java=Microsoft|Go=Go Team at Google|rust-analyzer=rust-lang|Code Runner=Jun Han|Material Icon Theme=Philipp Kief|Path Intellisense=Christian Kohler|Auto Rename Tag=Jun Han|Bracket Pair Colorizer=CoenraadS
Tailwind CSS IntelliSense=Tailwind Labs|Thunder Client=Thunder Client|REST Client=Huachao Mao|Markdown All in One=Yu Zhang|YAML=Red Hat|XML=Red Hat|Vue - Official=Vue|Svelte for VS Code=Svelte|Astro=Astro|Angular Language Service=Angular|Flutter=Dart Code|Vim=vscodevim|Error Lens=Alexander|Todo Tree=Gruntfuggly|Code Spell Checker=Street Side Software|indent-rainbow=oderwat|PostgreSQL=Chris Kolkman|SQLTools=Matheus Teixeira|MongoDB for VS Code=MongoDB|Database Client=Database Client|Draw.io Integration=Henning Dieterichs|Better Comments=Aaron Bond
Azure Functions=Microsoft|AWS Toolkit=Amazon Web Services|Kubernetes=Microsoft|HashiCorp Terraform=HashiCorp|Playwright Test=Microsoft|Jest=Orta|Vitest=Vitest|Test Explorer UI=Holger Benl|Black Formatter=Microsoft|Ruff=Astral Software|Even Better TOML=tamasfe|PHP Intelephense=Ben Mewburn|Spring Boot Extension Pack=VMware|PowerShell=Microsoft|Peacock=John Papa|Quokka.js=Wallaby.js|Polacode=P. Kokkinos|Project Manager=Alessandro Fragnani""")  # fmt: skip
SETTINGS = _keyed("""Editor: Font Size=14|Editor: Font Family=Consolas, 'Courier New', monospace|Editor: Tab Size=4|Editor: Word Wrap=off|Editor: Line Height=0|Editor: Format On Save=|Editor: Format On Paste=|Editor: Render Whitespace=selection|Editor: Cursor Style=line|Editor: Cursor Blinking=blink|Editor: Default Formatter=None|Editor: Insert Spaces=|Editor > Minimap: Enabled=|Editor > Bracket Pair Colorization: Enabled=|Editor: Linked Editing=|Editor: Sticky Scroll=|Editor: Font Ligatures=false|Editor > Suggest: Snippets Prevent Quick Suggestions=|Editor: Smooth Scrolling=|Editor: Detect Indentation=|Editor: Line Numbers=on|Editor > Inlay Hints: Enabled=on
Files: Auto Save=off|Files: Auto Save Delay=1000|Files: Exclude=|Files: Trim Trailing Whitespace=|Files: Insert Final Newline=|Files: Eol=auto|Files: Encoding=utf8|Workbench: Color Theme=Default Dark Modern|Workbench: Icon Theme=vs-seti|Workbench: Startup Editor=welcomePage|Workbench > Editor: Enable Preview=|Workbench > Tree: Indent=8|Window: Zoom Level=0|Window: Restore Windows=all|Window: Title Bar Style=custom|Terminal > Integrated: Font Size=14|Terminal > Integrated: Cursor Blinking=|Terminal > Integrated: Scrollback=1000|Explorer: Confirm Delete=|Explorer: Compact Folders=|Explorer: Sort Order=default
Git: Autofetch=false|Git: Enable Smart Commit=|Git: Confirm Sync=|Git: Default Branch Name=main|Git > Blame > Status Bar Item: Enabled=|Debug: Allow Breakpoints Everywhere=|Debug: Inline Values=auto|Python > Testing: Pytest Enabled=|Python > Analysis: Type Checking Mode=off|Python: Default Interpreter Path=python|Eslint: Enable=|Prettier: Single Quote=|Prettier: Tab Width=2|Prettier: Print Width=80|Live Server > Settings: Port=5500|TypeScript > Update Imports On File Move: Enabled=prompt|Emmet: Trigger Expansion On Tab=|Security > Workspace > Trust: Enabled=|Telemetry: Telemetry Level=all|Search: Smart Case=|Search: Exclude=""")  # fmt: skip
SETTING_GROUPS = _split('Commonly Used|Text Editor|Cursor|Find|Font|Formatting|Diff Editor|Minimap|Suggestions|Files|Workbench|Appearance|Breadcrumbs|Editor Management|Settings Editor|Zen Mode|Window|New Window|Features|Explorer|Search|Debug|Testing|Source Control|Extensions|Terminal|Task|Problems|Output|Comments|Remote|Timeline|Notebook|Chat|Application|Proxy|Keyboard|Update|Telemetry|Security|Workspace')
CHOICES = {'off': ('on', 'wordWrapColumn', 'bounded'), 'line': ('block', 'underline', 'line-thin', 'block-outline'), 'blink': ('smooth', 'phase', 'expand', 'solid'), 'selection': ('none', 'boundary', 'trailing', 'all'), 'on': ('off', 'relative', 'interval'), 'auto': ('on', 'off', 'never'), 'all': ('none', 'error', 'crash', 'folders'), 'prompt': ('always', 'never'), 'false': ('true', 'all'), 'welcomePage': ('none', 'readme', 'newUntitledFile', 'terminal'), 'default': ('mixed', 'filesFirst', 'type', 'modified'), 'utf8': ('utf8bom', 'utf16le', 'iso88591'), 'custom': ('native',), 'None': ('Prettier - Code formatter', 'Black Formatter', 'ESLint')}  # fmt: skip
MESSAGES = _split("""Do you want to install the recommended extensions from Microsoft for this repository?|A git repository was found in the parent folders of the workspace.|Would you like to periodically run 'git fetch'?|The extension recommends reloading the window.|Python extension loading...|Visual Studio Code needs to reload to complete the update.|Unable to watch for file changes in this large workspace.
Failed to save the file: the content of the file is newer.|Your Git installation is too old.|Cannot activate the extension because it depends on an unknown extension.|Extension host terminated unexpectedly.|The window has been reloaded.|Some content is disabled in this document.|This workspace has been restored from a previous session.|Successfully signed in.|Settings sync is turned on.|No test have been found in this workspace yet.
Select Interpreter before running the file.|Please make sure you configure your 'user.name' and 'user.email' in git.|The terminal process failed to launch.|Formatting took too long.|There are unsaved changes in this workspace.|Would you like to publish this branch?|Pull request was created.|Image was built successfully.|Connection was established.|Container started.|Deployment was completed.|The file has been moved. Update imports?
Server is Started at port : 5500|A new version of the language server is available.|This file is too large to be tokenized.|Import resolution failed for two files.|All packages are up to date.|Environment was created.|The license has been accepted.|Query was executed in 12 ms.|Snippet saved.|Token expires in two days.|Workspace trust was granted.""")  # fmt: skip
BUTTONS = (('Install', 'Show Recommendations'), ('Yes', 'No', 'Ask Me Later'), ('Open Repository', 'Never'), ('Reload Window', 'Later'), ('Restart Now', 'Later', 'Release Notes'), ('Retry', 'Cancel'), ('Open Settings', 'Do Not Show Again'), ('Select Interpreter', 'Dismiss'), ('Overwrite', 'Compare', 'Revert'), ('View Logs', 'Dismiss'), ('Allow', 'Deny'), ('OK',), ('Always', 'Never'), ('Show Details', 'Close'), ('Download', 'Not Now'), ('Update', 'Ignore'), ('Open in Browser', 'Copy URL'), ('Trust', 'Manage'))  # fmt: skip
SPINNERS = _split('Loading...|Activating Extensions...|Indexing 312/1204|Reactivating terminals...|Initializing JS/TS language features|Building project|Analyzing dependencies|Fetching|Discovering Tests|Setting up workspace|rust-analyzer: Roots Scanned 41/103|Updating server...|Synchronizing Changes|Checking for updates|Resolving dependencies|Loading Kernel|Importing Maven project(s): 46%|Opening Java Projects|Searching for conda|Compiling 12 files|Starting language server')
FORMS: tuple[tuple[str, str, tuple[Keyed, ...], tuple[str, ...]], ...] = (
    ('Create New Connection', 'Connect', _keyed('Server Type=MySQL/PostgreSQL/SQLite/SQL Server/MongoDB/Redis|Connection name=|Host=|Port=|User=|Password=*|Database='), ('Connection established.', 'Connected')),
    ('Connect to Database', 'Test Connection', _keyed('Connection Name=|Server Address=|Port=|Username=|Authentication=SQL Login/Integrated/Entra ID|Encrypt=Mandatory/Optional/Strict'), ('Successfully connected!', 'Test passed')),
    ('Create a New Project', 'Create Project', _keyed('Project name=|Location=|Template=Console App/Web API/Class Library/Blank/React/Vue|Language version=17/21/3.12/ES2022|Package manager=npm/pnpm/yarn/maven/gradle'), ('Project created successfully.', 'Done! Your project is ready.')),
    ('New Spring Boot Application', 'Generate', _keyed('Group Id=|Artifact Id=|Packaging=Jar/War|Java version=17/21/23|Dependencies=Spring Web/Spring Data JPA/Lombok/Thymeleaf'), ('Project generated', 'Successfully generated')),
    ('New Request', 'Send', _keyed('Method=GET/POST/PUT/PATCH/DELETE|URL=|Content-Type=application/json/text/plain/multipart/form-data|Header=|Body='), ('Status: 200 OK', 'Status: 201 Created')),
    ('Run Container', 'Run', _keyed('Image=|Container name=|Host port=|Container port=|Restart policy=no/always/on-failure/unless-stopped|Volume='), ('Container started', 'Container is running')),
    ('Create Resource', 'Create', _keyed('Subscription=Pay-As-You-Go/Free Trial/Development|Resource group=|Name=|Region=West Europe/East US/Central India/Japan East|Pricing tier=Free F1/Basic B1/Standard S1|Runtime stack=Node 22 LTS/Python 3.13/.NET 9'), ('Deployment complete', 'Resource created')),
    ('New Agent', 'Save', _keyed('Name=|Description=|Model=gpt-4o/claude-sonnet/llama-3/mistral-large|Temperature=|System prompt=|Tools=Search/Files/Browser'), ('Saved.', 'Agent saved')),
    ('Create Test Suite', 'Add', _keyed('Suite name=|Base URL=|Timeout (ms)=|Browser=Chromium/Firefox/WebKit|Workers='), ('Suite added', 'Configuration was written')),
    ('Issue', 'Create Issue', _keyed('Title=|Assignee=|Label=bug/enhancement/documentation/question|Milestone=|Priority=Low/Medium/High/Critical'), ('Issue created', 'The issue was opened.')),
    ('Launch Configuration', 'Save Configuration', _keyed('Configuration name=|Program=|Arguments=|Console=integratedTerminal/externalTerminal/internalConsole|Working directory='), ('Configuration saved', 'launch.json was updated')),
    ('Deploy', 'Deploy', _keyed('Environment=Development/Staging/Production|Branch=|Build command=|Output directory=|Node version=18.x/20.x/22.x'), ('Deployed', 'Deployment succeeded')),
    ('Data Source', 'Preview', _keyed('Source name=|File path=|Delimiter=Comma/Semicolon/Tab|Encoding=UTF-8/UTF-16/Latin-1|Skip rows='), ('12 columns found', 'Preview is ready')),
)  # fmt: skip
KINDS = _split('function|method|class|variable|module|property|keyword|constant|field|interface|snippet|enum|struct|text')


@cache
def _kept(entries: tuple[Any, ...], held_out: bool) -> tuple[Any, ...]:
    return tuple(entry for entry in entries if is_held_out('interface' + str(entry)) == held_out)


def pick(world: World, entries: tuple[T, ...]) -> T:
    """One of a list; one entry in ten is kept for the test split, which draws it every second time."""
    own = _kept(entries, True) if world.names.split == 'test' and world.rng.random() < 0.5 else ()
    return world.rng.choice(own or _kept(entries, False) or entries)


def some(world: World, entries: tuple[T, ...], count: int) -> list[T]:
    """Several different ones, in an order of their own."""
    known = _kept(entries, False) if world.names.split == 'train' else entries
    return world.rng.sample(known or entries, min(count, len(known or entries)))


# --- the editor's own strings ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _interface(split: Split) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles (no more than five words) and sentences; empty where the corpus was not mined."""
    if not PATH.exists():
        return (), ()
    lines = [line.strip() for document in Corpus.load(split).by_kind.get('interface', ()) for line in document.lines]
    titles = [line for line in lines if len(line) < 40 and re.fullmatch(r'(?:[A-Z][\w/]+: )?[A-Z]\w+(?: [\w/()]+){1,4}(?:\.\.\.)?', line)]
    return tuple(dict.fromkeys(titles)), tuple(line for line in lines if line.endswith('.') and 25 < len(line) < 110)


def titles(world: World, count: int) -> list[str]:
    """Titles of commands, views and buttons."""
    known, _ = _interface(world.names.split)
    if not known or world.rng.random() < 0.1:
        return [f'{world.rng.choice(VERBS).capitalize()} {world.names.word().capitalize()}' for _ in range(count)]
    start = world.rng.randrange(max(1, len(known) - 400))
    return world.rng.sample(known[start : start + 400], count)  # neighbours are of one part of the editor


def descriptions(world: World, count: int) -> list[str]:
    """Sentences as settings and hovers have them."""
    _, known = _interface(world.names.split)
    return [world.rng.choice(known) if known and world.rng.random() < 0.8 else world.names.sentence() for _ in range(count)]


def command(world: World) -> Keyed:
    """A command as the palette lists it."""
    roll = world.rng.random()
    if roll < 0.6:
        return pick(world, COMMANDS)
    if roll < 0.8:
        return titles(world, 1)[0], ''
    return f'{world.names.word().capitalize()}: {world.rng.choice(VERBS).capitalize()} {world.names.word().capitalize()}', ''


def messages(world: World) -> Sequence[str]:
    """What a notification may say."""
    names, rng = world.names, world.rng
    return (pick(world, MESSAGES), f'{names.words(3, 6).capitalize()}.', f'{names.type_name()} was {rng.choice(("added", "created", "removed", "updated", "installed"))} successfully!', f"Cannot {rng.choice(VERBS)} '{names.word()}'.", f'Server is started at port : {rng.randint(1024, 9999)}', descriptions(world, 1)[0][:90].rsplit(' ', 1)[0])
