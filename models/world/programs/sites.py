"""Pages in a browser: articles, code hosting, an app under development, a console of a cloud."""

from __future__ import annotations

from collections.abc import Sequence

from screen.view import Row
from world.developer import Step
from world.programs import parts
from world.programs.browser import Browser
from world.programs.parts import rows_of


class Reading(Browser):
    """Documentation, an article, a question with answers, results of a search."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        kind = self.choice(('docs', 'docs', 'article', 'question', 'search'), ('wiki',))
        title, word = names.title(), names.word()
        self.set_page(title, rng.choice((f'https://docs.{word}.dev/guide/{names.word()}', f'{word}.io/docs/{names.word()}', f'www.{word}.com/{names.word()}')))
        if kind == 'docs':
            self.header = [word.capitalize(), 'Docs', 'API', 'Blog', 'Search', f'v{names.version()}']
            self.left = [Row(text, rng.randint(0, 1), look='link' if index == 2 else 'plain') for index, text in enumerate(parts.labels(world, 5, 16))]
            self.right = [Row('On this page', look='dim'), *rows_of(parts.labels(world, 3, 8), 'link')]
            self.main = [Row(title, look='heading'), *self.prose(rng.randint(10, 24))]
        elif kind == 'question':
            self.set_page(title, f'stackoverflow.com/questions/{rng.randint(10000, 99999999)}')
            self.header = ['Stack Overflow', 'Products', 'Search...', 'Log in', 'Sign up']
            self.left = rows_of(['Home', 'Questions', 'Tags', 'Users', 'Companies', 'Unanswered'])
            self.main = [Row(title, look='heading'), Row(f'Asked {parts.ago(rng)}   Modified {parts.ago(rng)}   Viewed {rng.randint(1, 900)}k times', look='dim'), *self.prose(4), *rows_of(parts.code(world, 6), 'dim'), Row(f'{rng.randint(1, 40)} Answers', look='heading'), Row(str(rng.randint(1, 900))), *self.prose(8)]
        elif kind == 'search':
            query = f'{names.word()} {names.words(1, 2)} {rng.choice(("error", "example", "tutorial", ""))}'.strip()
            self.set_page(f'{query} - Search', f'www.{rng.choice(("google", "bing", "duckduckgo"))}.com/search?q={query.replace(" ", "+")}')
            self.main = [Row(query, look='input'), Row('All   Images   Videos   News   Maps', look='dim'), Row(f'About {rng.randint(1, 900)},000 results', look='dim')]
            for _ in range(rng.randint(3, 6)):
                self.main += [Row(f'https://{names.word()}.com > {names.word()}', look='dim'), Row(names.title(), look='link'), *self.paragraph(parts.lines(world, 'prose', 1, 140))]
        else:
            self.header = [word.capitalize(), *parts.labels(world, 3, 6)] if rng.random() < 0.6 else []
            self.main = [Row(title, look='heading'), Row(f'{parts.person(world).capitalize()} - {rng.randint(2, 20)} min read', look='dim'), *self.prose(rng.randint(12, 28))]
        if kind == 'wiki':
            self.left, self.right = rows_of(['Main page', 'Contents', 'Random article', 'Tools', *parts.labels(world, 3, 9)], 'link'), [Row(names.word().capitalize(), look='heading'), *rows_of(f'{names.word()}: {names.word()}' for _ in range(6))]

    def search(self) -> Step:
        """Types into the box of the page; results are listed below."""
        rng, names = self.rng, self.names
        query = ' '.join(names.pair()) + rng.choice(('', f' {names.word()}'))
        results = [names.title() for _ in range(rng.randint(3, 8))]

        def show(text: str, found: Sequence[str] = ()) -> None:
            self.over = [self.dialog([Row(text, look='input'), *(Row(result, look='selected' if index == 0 else 'plain') for index, result in enumerate(found))], 520, 0.2, 'popup', 'list')]

        yield from self.typed(query, show)
        yield from self.told('find', query=query)
        yield from self.pause(1, 3)
        show(query, results)
        yield from self.told('listed', first=results[0], second=results[1])
        yield from self.pause(1, 4)
        self.over = []
        yield from self.go()


class Hosting(Browser):
    """A repository's page, its issues and pull requests."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        self.owner, self.number = names.word(), rng.randint(2, 9999)
        self.repository = f'{self.owner}/{world.project if rng.random() < 0.4 else names.word()}'
        self.kind = rng.choice(('repository', 'issue', 'pull', 'pull', 'issues'))
        self.subject = parts.message(world)
        host = self.choice(('github.com', 'github.com', 'gitlab.com'), ('codeberg.org',))
        path = {'repository': '', 'issue': f'/issues/{self.number}', 'pull': f'/pull/{self.number}', 'issues': '/issues'}[self.kind]
        title = {'repository': self.repository, 'issues': f'Issues - {self.repository}'}.get(self.kind, f'{self.subject}')
        self.set_page(title, f'https://{host}/{self.repository}{path}')
        self.header = [self.repository, 'Code', f'Issues {rng.randint(1, 99)}', f'Pull requests {rng.randint(1, 40)}', 'Actions', 'Projects', 'Security', 'Insights']
        self.merge = rng.choice(('Merge pull request', 'Squash and merge', 'Rebase and merge', 'Merge'))
        self.is_open = True
        self.tab = 'Conversation'
        if self.kind == 'repository':
            self.right = [Row('About', look='heading'), *self.paragraph([parts.line(world, 'prose', 20, 60)]), *rows_of(['Readme', 'MIT license', f'{rng.randint(1, 900)} stars', f'{rng.randint(1, 90)} forks', 'Releases', 'Packages', 'Languages'])]
            files = [names.file(world.language) for _ in range(rng.randint(4, 12))]
            self.main = [Row(f'{world.branch}   {rng.randint(2, 40)} Branches   {rng.randint(1, 90)} Tags   Go to file   Code', look='dim'), *(Row(f'{file}        {parts.message(world)}', right=parts.ago(rng)) for file in files), Row('README', look='heading'), *self.prose(8)]
        elif self.kind == 'issues':
            self.main = [Row('is:issue is:open', look='input'), *(row for _ in range(rng.randint(4, 9)) for row in (Row(parts.message(world), right=str(rng.randint(1, 40)), look='link', mark='open'), Row(f'#{rng.randint(1, 9999)} opened {parts.ago(rng)} by {parts.person(world)}', 1, look='dim')))]
        else:
            self.conversation()

    def conversation(self) -> None:
        rng, world = self.rng, self.world
        state = 'Open' if self.is_open else 'Merged'
        self.main = [Row(f'{self.subject} #{self.number}', look='heading'), Row(f'{state}   {parts.person(world)} wants to merge {rng.randint(1, 12)} commits into {world.branch}' if self.kind == 'pull' else f'{state}   {parts.person(world)} opened this issue {parts.ago(rng)}', look='dim')]
        if self.kind == 'pull':
            self.main.append(Row(f'Conversation {rng.randint(0, 20)}   Commits {rng.randint(1, 9)}   Checks {rng.randint(1, 9)}   Files changed {rng.randint(1, 40)}'))
        self.main += [Row(f'{parts.person(world)} commented {parts.ago(rng)}', look='dim'), *self.prose(rng.randint(4, 9))]
        if self.kind == 'pull':
            self.main += [Row('All checks have passed', mark='pass'), Row('This branch has no conflicts with the base branch', mark='pass'), Row(self.merge, look='button')]
        self.main += [Row('Add a comment', look='dim'), Row('', look='input'), Row('Comment', look='button')]
        self.right = [row for name in ('Reviewers', 'Assignees', 'Labels', 'Projects', 'Milestone') for row in (Row(name, look='dim'), Row(rng.choice(('None yet', parts.person(world), 'bug', 'enhancement'))))]

    def files_changed(self) -> Step:
        """The tab of the changed files, and a comment on a line."""
        if self.kind != 'pull':
            yield from self.go()
            return
        rng, world = self.rng, self.world
        changes = [Row(('+ ' if index % 3 == 1 else '- ' if index % 7 == 2 else '  ') + text, look='ok' if index % 3 == 1 else 'error' if index % 7 == 2 else 'plain') for index, text in enumerate(parts.code(world, rng.randint(8, 18)))]
        heading = [Row(f'{self.subject} #{self.number}', look='heading'), Row('Files changed', look='heading'), Row(f'Showing {rng.randint(1, 20)} changed files with {rng.randint(1, 900)} additions', look='dim'), Row(self.names.file(world.language), look='link')]
        self.main = [*heading, *changes]
        yield from self.told('view', view='Files changed')
        yield from self.pause(2, 8)
        if rng.random() < 0.6:
            text = parts.line(world, 'prose', 12, 44)
            at = len(heading) + rng.randint(1, min(5, len(changes)))

            def show(so_far: str) -> None:
                self.main = [*heading, *changes[: at - len(heading)], Row(so_far, 1, look='input'), Row(label, 1, look='button'), *changes[at - len(heading) :]]

            label = rng.choice(('Add single comment', 'Start a review', 'Add review comment'))
            yield from self.typed(text, show)
            yield from self.told('typed', text=text)
            yield from self.pause(1, 3)
            self.main = [*heading, *changes[: at - len(heading)], Row(f'{parts.person(world)} now', 1, look='dim'), Row(text, 1), *changes[at - len(heading) :]]
            yield from self.told('button', label=label)

    def merge_it(self) -> Step:
        """Presses the button below a pull request and confirms."""
        if self.kind != 'pull' or not self.is_open:
            yield from self.go()
            return
        rest = [row for row in self.main if row.look not in ('button', 'input') and not row.mark]
        confirm = 'Confirm ' + self.merge.lower()
        self.main = [*rest[:8], Row(f'Merge pull request #{self.number}', look='input'), Row(confirm, look='button'), Row('Cancel', look='link')]
        yield from self.told('button', label=self.merge)
        yield from self.pause(1, 3)
        text = self.rng.choice(('Pull request successfully merged and closed', f'Merged into {self.world.branch}', "You're all set, the branch can be deleted"))
        self.is_open = False
        self.main = [*rest[:8], Row(text, look='heading'), Row('Delete branch', look='button')]
        yield from self.told('notification', text=text)

    def comment(self) -> Step:
        """Writes a comment, or a new issue."""
        text = parts.line(self.world, 'prose', 12, 44)
        kept = [row for row in self.main if row.look not in ('button', 'input')][: self.rng.randint(6, 12)]

        def show(so_far: str) -> None:
            self.main = [*kept, Row('Add a comment', look='dim'), Row(so_far, look='input'), Row('Comment', look='button')]

        yield from self.typed(text, show)
        yield from self.told('typed', text=text, field='Add a comment')
        yield from self.pause(1, 3)
        self.main = [*kept, Row(f'{parts.person(self.world)} commented now', look='dim'), Row(text), Row('Add a comment', look='dim'), Row('', look='input')]
        yield from self.told('button', label='Comment')


class WebApp(Browser):
    """An app under development: it reloads with new text, shows an error over the page, has forms and a login."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        self.name = rng.choice((names.word().capitalize(), ' '.join(names.pair()).title(), f'{names.word().capitalize()} App', 'Vite + React', 'Todo List', 'My Portfolio'))
        host = rng.choice(('localhost', 'localhost', '127.0.0.1'))
        self.set_page(self.name, f'{host}:{rng.choice((3000, 5173, 8000, 8080, 4200, rng.randint(1024, 9999)))}/{rng.choice(("", names.word()))}')
        self.header = [self.name, *parts.labels(world, 2, 6)] if rng.random() < 0.7 else []
        self.content()

    def content(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        kind = rng.choice(('list', 'table', 'cards', 'plain', 'dashboard'))
        self.main = [Row(rng.choice((self.name, names.title())), look='heading')]
        if kind == 'list':
            self.main += [Row(names.words(2, 4), mark=rng.choice(('box', 'check'))) for _ in range(rng.randint(2, 9))] + [Row('Add', look='button')]
        elif kind == 'table':
            self.main += rows_of(parts.aligned(parts.table(world, rng.randint(2, 4), rng.randint(3, 10)), 12))
        elif kind == 'cards':
            self.main += [row for _ in range(rng.randint(2, 5)) for row in (Row(names.title(), look='heading'), *self.paragraph(parts.lines(world, 'prose', 1, 120)), Row(parts.label(world), look='button'))]
        elif kind == 'dashboard':
            self.left = rows_of(['Dashboard', *parts.labels(world, 5, 10)])
            self.main += [Row('          '.join(f'{names.word().capitalize()} {rng.randint(1, 9999)}' for _ in range(3))), *rows_of(parts.aligned(parts.table(world, 4, rng.randint(5, 12)), 10))]
        else:
            self.main += self.prose(rng.randint(4, 16))

    def reload(self) -> Step:
        """After a change in the code the page shows another text."""
        rng, names = self.rng, self.names
        if rng.random() < 0.4:
            self.main, kept = [], self.main
            self.draw()
            yield None
            self.main = kept
        text = rng.choice((names.title(), f'{names.word().capitalize()}: {rng.randint(0, 99)}', f'Hello {names.word().capitalize()}!', f'Welcome to {names.word().capitalize()}', f'Count is {rng.randint(1, 40)}', f'Loading {names.word()}...'))
        at = rng.randint(0, len(self.main))
        self.main = [*self.main[:at], Row(text, look=rng.choice(('heading', 'plain', 'plain'))), *self.main[at + rng.choice((0, 1)) :]]
        if at > 8:
            self.main = [self.main[at], *self.main[:at], *self.main[at + 1 :]]
        yield from self.told('reload', text=text.rstrip('.'))

    def error(self) -> Step:
        """A compiler's error lies over the page until the code is mended."""
        rng, names = self.rng, self.names
        text = rng.choice((f"Failed to resolve import './{names.word()}'", f"Module not found: Can't resolve '{names.word()}'", f'{names.variable("ts")} is not defined', f'Unexpected token ({rng.randint(1, 90)}:{rng.randint(1, 40)})', 'Hydration failed because the server rendered HTML', f"Cannot read properties of undefined (reading '{names.word()}')"))
        heading = rng.choice(('Failed to compile', 'Unhandled Runtime Error', '[plugin:vite:import-analysis]', 'Compiled with problems:', '1 of 1 error', 'TemplateDoesNotExist'))
        rows = [Row(heading, look='heading'), Row(text, look='error'), Row(f'src/{names.file("ts")}:{rng.randint(1, 90)}:{rng.randint(1, 40)}', look='link'), *rows_of((f'{number:4} | {line}' for number, line in enumerate(parts.code(self.world, rng.randint(3, 7)), rng.randint(1, 60))), 'dim'), Row('Click outside or fix the code to dismiss.', look='dim')]
        self.over = [self.dialog(rows, rng.choice((620, 900)), 0.3)]
        yield from self.told('problem', message=text)
        yield from self.pause(2, 10)
        self.over = []
        yield from self.quietly()

    def form(self) -> Step:
        """Fields filled in one after the other, a choice, a box, and a button whose effect is seen."""
        rng, names, world = self.rng, self.names, self.world
        heading = rng.choice(('Sign up', 'Create account', 'Contact us', 'New project', 'Checkout', 'Edit profile', 'Add product', 'New issue', names.title()))
        makers = {'Name': lambda: ' '.join(names.pair()).title(), 'Email': lambda: f'{parts.person(world)}@{names.word()}.com', 'Title': names.title, 'Description': lambda: names.words(3, 6), 'Company': lambda: names.word().capitalize(), 'City': lambda: names.word().capitalize(), 'Price': lambda: f'{rng.randint(1, 900)}.99', 'Username': lambda: parts.person(world), 'Message': lambda: parts.line(world, 'prose', 12, 40), 'Phone': lambda: f'+{rng.randint(10, 99)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}', names.word().capitalize(): names.word}
        fields = rng.sample(list(makers), rng.randint(2, 5))
        values = dict.fromkeys(fields, '')
        choice, options = rng.choice((('Country', ['Germany', 'France', 'Japan', 'Brazil', 'Canada', 'India']), ('Role', ['Admin', 'Editor', 'Viewer']), ('Plan', ['Free', 'Pro', 'Team', 'Enterprise']), ('Priority', ['Low', 'Medium', 'High']), ('Status', ['Draft', 'Published', 'Archived'])))
        box, is_checked = rng.choice(('Remember me', 'I agree to the terms', 'Send me updates', 'Make it public', 'Subscribe to the newsletter')), False
        button = rng.choice(('Submit', 'Save', 'Create', 'Send', 'Continue', 'Sign up', 'Add'))
        selected = ''
        kept = self.main

        def show() -> None:
            self.main = [Row(heading, look='heading'), *(row for field in fields for row in (Row(field, look='dim'), Row(values[field], look='input'))), Row(choice, look='dim'), Row(selected or 'Select...', look='input'), Row(box, mark='check' if is_checked else 'box'), Row(button, look='button')]

        show()
        yield from self.told('view', view=heading)
        yield from self.pause(1, 4)
        for field in fields[: rng.randint(1, 4)]:
            text = makers[field]()

            def typed(so_far: str, field: str = field) -> None:
                values[field] = so_far
                show()

            yield from self.typed(text, typed)
            yield from self.told('typed', text=text, field=field)
            yield from self.pause(1, 3)
        if rng.random() < 0.5:
            self.over = [self.popup(rows_of(options), self.box[0] + 60, self.box[1] + 300, 260)]
            self.draw()
            yield from self.pause(2, 3)
            self.over, selected = [], rng.choice(options)
            show()
            yield from self.told('selected', value=selected, field=choice)
            yield from self.pause(1, 3)
        if rng.random() < 0.4:
            is_checked = True
            show()
            yield from self.told('checked', label=box)
            yield from self.pause(1, 3)
        if rng.random() < 0.7:
            if rng.random() < 0.5:
                text = rng.choice(('Saved successfully', f'{names.word().capitalize()} was created', 'Thank you for your message', 'Invalid email address', f'{fields[0]} is required', 'Something went wrong'))
                self.main = [*self.main, Row(text, look='ok')] if rng.random() < 0.5 else [Row(text, look='heading'), *kept[:6]]
                yield from self.told('button', label=button)
            else:
                self.main = kept
                yield from self.told('button', label=button)
        else:
            self.main = kept
            yield from self.quietly()

    def login(self) -> Step:
        """A login page: a name and dots, and another page behind it."""
        rng, names = self.rng, self.names
        kept, header, left = self.main, self.header, self.left
        self.header, self.left = [], []
        user, button = parts.person(self.world), rng.choice(('Sign in', 'Log in', 'Login', 'Continue'))
        user = user if rng.random() < 0.5 else f'{user}@{names.word()}.com'

        def show(text: str, dots: int = 0) -> None:
            self.main = [Row(heading, look='heading'), Row(field, look='dim'), Row(text, look='input'), Row('Password', look='dim'), Row('•' * dots, look='input'), Row(button, look='button'), Row('Forgot password?', look='link')]

        heading, field = rng.choice(('Welcome back', f'Sign in to {self.name}', 'Log in to your account')), rng.choice(('Email', 'Username', 'Email address'))
        show('')
        yield from self.told('view', view=heading)
        yield from self.pause(1, 3)
        yield from self.typed(user, show)
        yield from self.told('typed', text=user, field=field)
        for dots in (3, 8):
            show(user, dots)
            self.draw()
            yield None
        yield from self.pause(1, 3)
        self.main, self.header, self.left = kept, header, left
        yield from self.told('button', label=button)


class CloudConsole(WebApp):
    """A console of services: a list of resources, wizards, states that change."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        service = rng.choice(('Compute instances', 'Storage buckets', 'Functions', 'Load balancers', 'Kubernetes clusters', 'Databases'))
        self.name = service
        self.set_page(service, f'console.{names.word()}.com/{names.word()}/{names.hash(6)}')
        self.header = [names.word().capitalize(), 'Services', 'Search', f'{names.word()}-{rng.randint(1, 3)}', parts.person(world)]
        self.left = rows_of([service, *parts.labels(world, 6, 14)])
        self.main = [Row(service, look='heading'), Row('Create', look='button'), *rows_of(parts.aligned(parts.table(world, 4, rng.randint(4, 12)), 10))]
