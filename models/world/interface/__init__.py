"""Steps in VS Code's own interface: pickers, menus, views, forms, messages."""
