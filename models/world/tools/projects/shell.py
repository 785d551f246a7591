"""What any terminal has: git, the shell and its tools, databases."""

from __future__ import annotations

from world.tools.projects.project import Project
from world.tools.projects.python import PY_BASKET

GIT = Project(
    'git',
    {'basket.py': PY_BASKET, 'voucher.md': '# Vouchers\n\nHow the saffron is counted.\n', 'src/parcel.ts': 'export const parcel = 3;\n'},
    """
git status ## run_error | error=fatal: not a git repository
git init
git status
git add .
git status
git status -s
git commit -m "plant the first walnut" ## commit | message=plant the first walnut
git log
git log --oneline
!echo 'A second line on walnuts.' >> voucher.md; echo 'const walnut = 12;' >> src/parcel.ts
git status
git status --short
git diff
git diff --stat
git diff src/parcel.ts
git add voucher.md
git diff --staged
git commit -m "note where the walnut fell" ## commit | message=note where the walnut fell
git commit -am "weigh the saffron twice" ## commit | message=weigh the saffron twice
git commit -m "light a lantern in the pantry" ## run_error | error=nothing to commit
git show
git show --stat
git branch
git switch -c walnut-harvest ## branch | branch=walnut-harvest
!sed -i 's/sum(self.prices)/sum(self.prices) * 3/' basket.py
git commit -a -m "feat: let the courier rest" ## commit | message=feat: let the courier rest
git checkout main
git checkout -b feature/lantern-oil ## branch | branch=feature/lantern-oil
!echo 'lantern' > lantern.txt; git add .
git commit -m "light a lantern in the pantry" ## commit | message=light a lantern in the pantry
git switch main
git merge feature/lantern-oil
git branch -d feature/lantern-oil
git branch -a
git branch -vv
!sed -i 's/sum(self.prices)/max(self.prices)/' basket.py
git commit -am "fix: count cobalt only once" ## commit | message=fix: count cobalt only once
git merge walnut-harvest ## merge_conflict | file=basket.py
git status
git diff
git merge --abort
git rebase walnut-harvest ## merge_conflict | file=basket.py
git status
git rebase --abort
git cherry-pick walnut-harvest ## merge_conflict | file=basket.py
git cherry-pick --abort
!echo 'x = 3' >> basket.py
git stash
git stash list
git stash pop
git checkout -- basket.py
git restore basket.py
!echo 'x = 3' >> basket.py
git switch walnut-harvest ## run_error | error=error: Your local changes
git pull ## run_error | error=There is no tracking information
git push ## run_error | error=fatal: No configured push destination.
git remote add origin ../courier.git
git push -u origin main ## push | branch=main | _any=1
!git init --bare ../courier.git
git push -u origin main ## push | branch=main
git push origin walnut-harvest ## push | branch=walnut-harvest
git push
git remote -v
git branch -r
!git checkout -- .; git clone ../courier.git ../lantern; cd ../lantern && echo hi > cobalt.txt && git add . && git commit -m "weigh the saffron twice" && git push
git fetch
git status
git status -sb
git commit --allow-empty -m "note where the walnut fell" ## commit | message=note where the walnut fell
git push ## run_error | error=! [rejected]
git pull ## run_error | error=fatal: Need to specify how to reconcile divergent branches.
git pull --rebase
git push ## push | branch=main
!cd ../lantern && git pull && echo ho >> cobalt.txt && git commit -am "count cobalt" && git push
git pull
git log --oneline --graph --all
git log -2 --stat
git log --oneline -5
git tag v1.4.2
git tag
git push --tags
git blame voucher.md
git shortlog -s
git reset --hard HEAD~1
git reflog -5
git rm voucher.md
git mv basket.py pantry.py
git commit -m "light a lantern in the pantry" ## commit | message=light a lantern in the pantry
git commit --amend -m "fix: count cobalt only once" ## commit | message=fix: count cobalt only once
git revert --no-edit HEAD
git checkout walnut-harvst ## run_error | error=error: pathspec 'walnut-harvst'
git brnch ## run_error | error=git: 'brnch' is not a git command.
git clone ../courier.git ../saffron
git clone ../walnut.git ../cobalt ## run_error | error=fatal: repository
git switch -c fix/cobalt-count ## branch | branch=fix/cobalt-count
git branch fix/cobalt-count ## run_error | error=fatal: a branch named
git push --set-upstream origin fix/cobalt-count ## push | branch=fix/cobalt-count
git branch -D walnut-harvest
git worktree add ../walnut main
git ls-files
git grep -n walnut
git config --list --local
git rev-parse HEAD
git describe --tags
git stash pop ## run_error | error=No stash entries found.
git bisect start
git clean -nd
git --version
!rm -rf ../courier.git ../lantern ../saffron ../walnut ../cobalt
""",
)

SHELL = Project(
    'shell',
    {
        'basket.txt': 'walnut 12\nsaffron 3\ncobalt 40\nlantern 7\n', 'src/parcel.ts': 'export const parcel = 3;\n// TODO weigh the walnut\n', 'src/voucher.ts': "import { parcel } from './parcel';\n", 'docs/walnut.md': '# Walnut\n\nHow to crack a walnut in the pantry.\n',
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"walnut": "node walnut.js"}, "dependencies": {"lodash": "^4.17.21"}}\n',
        'lantern.sh': '#!/bin/bash\nset -e\necho "lighting the lantern"\nfor oil in 3 12 40; do\n  echo "oil: $oil"\ndone\necho "done in 12 steps"\n',
        'cobalt.sh': '#!/bin/bash\nset -euo pipefail\necho "counting cobalt"\necho "$saffron"\n',
        'parcel.sh': '#!/bin/bash\nif [ -f walnut.txt ]; then\n  echo found\n',
        'courier.sh': 'echo "the courier is on the way"\n',
        'pantry.csv': 'name,amount,price\nwalnut,12,3.50\nsaffron,40,12.25\ncobalt,7,8.00\n',
        '.env.example': 'WALNUT_PORT=8080\nSAFFRON_URL=http://localhost:8080\n',
        'spec.bats': '@test "adds up the prices" {\n  [ $((3 + 4)) -eq 7 ]\n}\n\n@test "applies the discount" {\n  [ $((200 - 20)) -eq 180 ]\n}\n',
        'server.log': '\n'.join(f'2026-03-{day:02d} 10:{day + 11}:08 INFO walnut {day * 7} weighed' for day in range(1, 25)) + '\n2026-03-25 11:02:40 ERROR the lantern is out of oil\n',
    },
    """
ls
ls -la
ls src
ls -lh docs
tree
tree -L 1
tree src
cat basket.txt
cat package.json
cat walnut.txt ## run_error | error=No such file or directory
cat -n lantern.sh
head -5 server.log
tail -5 server.log
tail -n 8 server.log
grep -rn walnut src
grep -n ERROR server.log
grep -r saffron .
grep -c INFO server.log
find . -name "*.ts"
find src -type f
wc -l basket.txt server.log
wc basket.txt
du -sh .
du -h
df -h .
sort basket.txt
sort -k2 -n basket.txt
cut -d, -f1 pantry.csv
awk '{ sum += $2 } END { print sum }' basket.txt ## run_ok | output=62
sed -n 2,3p basket.txt
uniq -c basket.txt
diff src/parcel.ts src/voucher.ts
mkdir -p build/walnut
mkdir docs ## run_error | error=cannot create directory
touch saffron.txt
cp basket.txt saffron.txt
cp walnut.txt /tmp ## run_error | error=cannot stat 'walnut.txt'
mv saffron.txt docs
rm docs/saffron.txt
rm walnut.txt ## run_error | error=cannot remove 'walnut.txt'
rm src ## run_error | error=Is a directory
rmdir docs ## run_error | error=Directory not empty
cd pantry ## run_error | error=No such file or directory | @bash
pwd
echo "walnut and saffron"
echo $SHELL
./lantern.sh ## run_ok | output=done in 12 steps | @bash
bash lantern.sh ## run_ok | output=done in 12 steps
bash courier.sh ## run_ok | output=the courier is on the way
./cobalt.sh ## run_error | error=unbound variable | @bash
bash parcel.sh ## run_error | error=syntax error
./courier.sh ## run_error | error=Permission denied | @bash
chmod +x courier.sh
./courier.sh ## run_ok | output=the courier is on the way | @bash
./walnut.sh ## run_error | error=No such file or directory | @bash
walnut --version ## run_error | error=command not found | @bash
saffron ## run_error | error=command not found | @bash
pyhton basket.py ## run_error | error=command not found | @bash
gti status ## run_error | error=command not found | @bash
dokcer ps ## run_error | error=command not found | @bash
which node
date
whoami
ps
ps -o pid,comm
env | grep LANG
ssh -V
ssh walnut@saffron.invalid ## run_error | error=Could not resolve hostname
ping -c 1 walnut.invalid ## run_error | error=command not found | _any=1
curl http://localhost:9999 ## run_error | error=Failed to connect
curl -s http://walnut.invalid ## command
wget http://localhost:9999/walnut ## run_error | error=failed: Connection refused
jq .scripts package.json
jq .name package.json ## run_ok | output="orchard"
jq .walnut[ package.json ## run_error | error=syntax error
rg walnut
rg -n TODO src
fd walnut
bat --plain basket.txt
bats spec.bats ## tests_pass | count=2 | _any=1
bats --tap spec.bats ## command
!sed -i 's/3 + 4/3 + 5/' spec.bats
bats spec.bats ## tests_fail | test=adds up the prices
shellcheck cobalt.sh ## build_error | error=SC2154
shellcheck lantern.sh ## build_ok
shellcheck parcel.sh ## build_error | error=SC1046
cloc src
tar czf walnut.tar.gz src
tar tzf walnut.tar.gz
unzip saffron.zip ## run_error | error=cannot find or open
zip -r walnut.zip docs
file basket.txt
stat basket.txt
md5sum basket.txt
sha256sum package.json
xxd basket.txt
history
export WALNUT=12
alias ll='ls -la'
source .env.example
time sleep 0.2 ## command | @bash
seq 3 9
uptime
free -h
nproc
id
column -s, -t pantry.csv
hyperfine -N --runs 5 'sleep 0.01'
crontab -l ## run_error | error=command not found | _any=1
man walnut ## run_error | error=No manual entry
kill 999999 ## run_error | error=No such process | @bash
cd docs && ls ## command | @bash
ls walnut ## run_error | error=cannot access 'walnut'
ls -a
""",
)

SQL = Project(
    'databases',
    {'walnut.sql': "create table walnut (id integer primary key, name text, amount integer);\ninsert into walnut (name, amount) values ('saffron', 12), ('cobalt', 40), ('lantern', 7);\n", 'cobalt.sql': 'selct * from walnut;\n'},
    """
sqlite3 pantry.db < walnut.sql ## command
sqlite3 pantry.db ".tables" ## command
sqlite3 pantry.db "select * from walnut" ## run_ok
sqlite3 -header -column pantry.db "select name, amount from walnut order by amount" ## run_ok
sqlite3 pantry.db ".schema walnut" ## command
sqlite3 pantry.db "select count(*) from walnut" ## run_ok
sqlite3 pantry.db "select * from parcel" ## run_error | error=no such table: parcel
sqlite3 pantry.db < cobalt.sql ## run_error | error=syntax error
sqlite3 pantry.db "insert into walnut (id, name) values (1, 'oil')" ## run_error | error=UNIQUE constraint failed
!mkdir -p pg && chown postgres pg && su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/initdb -D $PWD/pg/data -A trust" && su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/pg_ctl -D $PWD/pg/data -o '-p 5432 -k /tmp' -l $PWD/pg/log -w start"
psql -h localhost -U postgres -f walnut.sql ## command
psql -h localhost -U postgres -c "select * from walnut" ## run_ok
psql -h localhost -U postgres -c "\\dt" ## command
psql -h localhost -U postgres -c "\\d walnut" ## command
psql -h localhost -U postgres -c "select * from parcel" ## run_error | error=relation "parcel" does not exist
psql -h localhost -U postgres -c "select name, sum(amount) from walnut" ## run_error | error=must appear in the GROUP BY clause
psql -h localhost -U postgres -f cobalt.sql ## command
psql -h localhost -U postgres -c "explain select * from walnut where amount > 12" ## run_ok
psql -h localhost -U postgres -c "create database pantry" ## command
psql -h localhost -U postgres -l ## command
psql -h localhost -U postgres -d saffron ## run_error | error=FATAL
psql -h localhost -p 6543 -c "select 3" ## run_error | error=Connection refused
!su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/pg_ctl -D $PWD/pg/data -m fast stop"
redis-server --port 6379 --save "" ## server_start | port=6379 | _ready=Ready to accept connections | _do=redis-cli set walnut 12
redis-cli get walnut ## run_error | error=Connection refused | _any=1
!redis-server --port 6390 --save "" --daemonize yes
redis-cli -p 6390 set walnut 12 ## command
redis-cli -p 6390 get walnut ## run_ok
redis-cli -p 6390 keys "*" ## command
redis-cli -p 6390 lpush pantry saffron cobalt ## command
redis-cli -p 6390 walnut ## command
redis-cli -p 6390 ping ## run_ok | output=PONG
!redis-cli -p 6390 shutdown
""",
)
