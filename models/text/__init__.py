"""What can stand on a screen, as text: invented names, source code, output of tools, and real text mined from the machine that trains."""
