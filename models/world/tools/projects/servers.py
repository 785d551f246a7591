"""Servers that are started and used."""

from __future__ import annotations

from world.tools.projects.javascript import LINK
from world.tools.projects.project import Project

SERVERS = Project(
    'servers',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"start": "node basket.js", "dev": "nodemon basket.js", "watch": "node --watch basket.js"}}',
        'basket.js': "const express = require('express');\n\nconst app = express();\napp.use((request, response, next) => {\n  console.log(`${request.method} ${request.path}`);\n  next();\n});\napp.get('/', (request, response) => response.json({ walnut: 12, pantry: ['saffron', 'cobalt'] }));\napp.get('/parcel', () => {\n  throw new Error('the lantern is out of oil');\n});\nconst port = process.env.PORT ?? 3000;\napp.listen(port, () => console.log(`Basket listening on port ${port}`));\n",
        'parcel.js': "const http = require('http');\n\nconst server = http.createServer((request, response) => {\n  console.log(new Date().toISOString(), request.method, request.url);\n  response.end('walnut\\n');\n});\nserver.listen(4100, () => console.log('Server running at http://localhost:4100/'));\n",
        'voucher.js': "const fastify = require('fastify')({ logger: true });\n\nfastify.get('/', async () => ({ walnut: 12 }));\nfastify.listen({ port: 3300 });\n",
        'app.py': "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef walnut():\n    return {'walnut': 12}\n\n\n@app.route('/parcel')\ndef parcel():\n    raise ValueError('cobalt must be positive')\n",
        'courier.py': "async def app(scope, receive, send):\n    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'walnut'})\n",
        'main.go': 'package main\n\nimport (\n\t"log"\n\t"net/http"\n)\n\nfunc main() {\n\thttp.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {\n\t\tlog.Println(r.Method, r.URL.Path)\n\t\tw.Write([]byte("walnut"))\n\t})\n\tlog.Println("listening on :8070")\n\tlog.Fatal(http.ListenAndServe(":8070", nil))\n}\n',
        'index.html': '<h1>Walnut</h1>\n', 'walnut.json': '{"walnut": 12, "saffron": [3, 4]}\n',
        'nginx.conf': 'daemon off;\nerror_log stderr notice;\npid /tmp/walnut.pid;\nevents {}\nhttp { access_log /dev/stdout; server { listen 8095; root .; } }\n',
    },
    f"""
{LINK}
node basket.js ## server_start | port=3000 | _ready=listening on port | _do=curl -s localhost:3000/ ;; curl -s localhost:3000/walnut ;; curl -s localhost:3000/parcel
npm start ## server_start | port=3000 | _ready=listening on port | @npm | _do=curl -s localhost:3000/ ;; curl -s -X POST localhost:3000/saffron
PORT=4321 node basket.js ## server_start | port=4321 | _ready=listening on port | @node | _do=curl -s localhost:4321/
npm run dev ## server_start | port=3000 | _ready=listening on port | @nodemon | _do=curl -s localhost:3000/ ;; touch basket.js ;; curl -s localhost:3000/cobalt
npx nodemon basket.js ## server_start | port=3000 | _ready=listening on port | _do=curl -s localhost:3000/ ;; touch basket.js
node --watch parcel.js ## server_start | port=4100 | _ready=Server running | _do=curl -s localhost:4100/walnut ;; touch parcel.js ;; curl -s localhost:4100/saffron
node parcel.js ## server_start | port=4100 | _ready=Server running | _do=curl -s localhost:4100/walnut ;; curl -s localhost:4100/pantry?cobalt=3
node voucher.js ## server_start | port=3300 | _ready=Server listening | _do=curl -s localhost:3300/ ;; curl -s localhost:3300/walnut
python -m http.server 8000 ## server_start | port=8000 | _ready=Serving HTTP | _do=curl -s localhost:8000/ ;; curl -s localhost:8000/walnut.json ;; curl -s localhost:8000/cobalt.css
python3 -m http.server 9000 ## server_start | port=9000 | _ready=Serving HTTP | _do=curl -s localhost:9000/index.html
python -m http.server 8123 --bind 127.0.0.1 ## server_start | port=8123 | _ready=Serving HTTP | _do=curl -s localhost:8123/walnut
python -m flask run ## server_start | port=5000 | _ready=Running on | @flask | _do=curl -s localhost:5000/ ;; curl -s localhost:5000/walnut
python -m flask --app app run --port 5050 ## server_start | port=5050 | _ready=Running on | @flask | _do=curl -s localhost:5050/ ;; curl -s localhost:5050/saffron
python -m flask run --reload ## server_start | port=5000 | _ready=Running on | @flask | _do=curl -s localhost:5000/ ;; touch app.py
uvicorn courier:app ## server_start | port=8000 | _ready=Uvicorn running | _do=curl -s localhost:8000/walnut ;; curl -s localhost:8000/cobalt
uvicorn courier:app --port 8600 --reload ## server_start | port=8600 | _ready=startup complete | _any=1 | _do=curl -s localhost:8600/ ;; touch courier.py
go run main.go ## server_start | port=8070 | _ready=listening on | _do=curl -s localhost:8070/walnut ;; curl -s localhost:8070/pantry
nginx -p . -c nginx.conf ## command | _seconds=3 | _ready=start worker | _do=curl -s localhost:8095/ ;; curl -s localhost:8095/walnut.css
npx concurrently "node basket.js" "node parcel.js" ## server_start | port=3000 | _ready=Server running | _do=curl -s localhost:3000/ ;; curl -s localhost:4100/saffron ;; curl -s localhost:3000/walnut
npx http-server . ## server_start | port=8080 | _ready=Hit CTRL-C | _do=curl -s localhost:8080/ ;; curl -s localhost:8080/walnut.css
!(python3 -m http.server 8200 & echo $! > .pid; PORT=3210 node basket.js & echo $! >> .pid; sleep 2)
curl http://localhost:8200/walnut.json
curl -I http://localhost:8200/walnut.json
curl -i http://localhost:3210/
curl -s http://localhost:3210/ | jq .
curl http://localhost:3210/cobalt
curl -v http://localhost:8200/walnut.json
curl -X POST http://localhost:3210/parcel
curl -o saffron.json http://localhost:8200/walnut.json
curl -w "%{{http_code}}\\n" -s -o /dev/null http://localhost:8200/walnut.json ## run_ok | output=200
wget http://localhost:8200/walnut.json
http GET localhost:3210/ ## command | @httpie
python -m http.server 8200 ## run_error | error=OSError
PORT=3210 node basket.js ## run_error | error=EADDRINUSE | @node
go run walnut.go ## run_error | error=stat walnut.go
!kill $(cat .pid)
python -m flask --app saffron run ## run_error | error=Error: Could not import 'saffron'. | @flask
uvicorn saffron:app ## run_error | error=Could not import module "saffron"
npm run walnut ## run_error | error=Missing script: "walnut" | @npm
""",
)

DJANGO = Project(
    'django',
    {},
    """
django-admin startproject orchard .
python manage.py startapp pantry ## command | @django
python manage.py makemigrations ## command | @django
python manage.py migrate ## command | @django
python manage.py check ## build_ok | @django
python manage.py runserver ## server_start | port=8000 | _ready=Quit the server | @django | _do=curl -s localhost:8000/walnut
python manage.py runserver 8765 ## server_start | port=8765 | _ready=Quit the server | @django | _do=curl -s localhost:8765/
python manage.py test ## command | @django
!printf 'from django.test import TestCase\\n\\n\\nclass BasketTest(TestCase):\\n    def test_total_price(self):\\n        self.assertEqual(3 + 4, 7)\\n\\n    def test_empty_basket(self):\\n        self.assertEqual([], [])\\n' > pantry/tests.py
python manage.py test ## tests_pass | count=2 | @django
!sed -i 's/4, 7/4, 8/' pantry/tests.py
python manage.py test ## tests_fail | test=test_total_price | error=AssertionError | @django
python manage.py walnut ## run_error | error=Unknown command: 'walnut' | @django
python manage.py showmigrations ## command | @django
!rm pantry/tests.py; sed -i 's/INSTALLED_APPS = \\[/INSTALLED_APPS = ["saffron",/' orchard/settings.py
python manage.py check ## run_error | error=ModuleNotFoundError | @django
""",
)
