import sys; sys.path.insert(0,'/work/main/test/server')
import resource, subprocess, time, json, os
import processes, pytest
from conftest import *
def test_probe(postgres, database, environment_for, migrate, serve, tmp_path):
    for kind in ("empty","current","older"):
        env = environment_for(database(kind), tmp_path)
        for auth in (True, False):
            e = dict(env)
            if not auth: e.pop("CDK_MLFLOW_AUTH_CONFIG")
            t=time.time(); p=processes.start(processes.inlined("migrate"), e); p.stdout.read(); p.stderr.read()
            _, st, ru = os.wait4(p.pid, 0); print(kind, "auth" if auth else "noauth", st, "wall %.1f cpu %.1f rss %d MB" % (time.time()-t, ru.ru_utime+ru.ru_stime, ru.ru_maxrss/1024))
    env = environment_for(database("current"), tmp_path)
    s = serve(env).wait_until_healthy()
    print(s.request("/api/2.0/mlflow/users/current", user=ADMIN))
    print(s.request("/version", user=ADMIN, host="evil.test"), s.request("/version"))
    import requests
    import urllib3
    # what do python clients send
    import http.server, threading
    got=[]
    class H(http.server.BaseHTTPRequestHandler):
        def do_GET(self): got.append(self.headers["Host"]); self.send_response(200); self.end_headers()
        def log_message(self,*a): pass
    srv=http.server.HTTPServer(("127.0.0.1",0),H); threading.Thread(target=srv.serve_forever,daemon=True).start()
    requests.get("http://LocalHost:%d/"%srv.server_port); subprocess.run(["curl","-s","http://LocalHost:%d/"%srv.server_port])
    import urllib.request; urllib.request.urlopen("http://LocalHost:%d/"%srv.server_port)
    print("hosts sent by requests, curl, urllib:", got)
    # restart with other admin password: env ignored
    s.end()
    for pw in ("short", "", None):
        e = environment_for(database("current"), tmp_path)
        if pw is None: e.pop("MLFLOW_AUTH_ADMIN_PASSWORD")
        else: e["MLFLOW_AUTH_ADMIN_PASSWORD"]=pw
        t=time.time(); s = serve(e); rc = s.process.wait(60); print(repr(pw), "rc", rc, "%.1f"%(time.time()-t), s.output[-900:])
    # admin exists, env short
    env = environment_for(database("current"), tmp_path)
    s = serve(env).wait_until_healthy(); s.end()
    e = {**env, "MLFLOW_AUTH_ADMIN_PASSWORD":"short"}
    s = serve(e).wait_until_healthy(); print("existing admin, short env:", s.request("/api/2.0/mlflow/users/current", user=ADMIN)[0], s.request("/api/2.0/mlflow/users/current", user=("admin","short"))[0]); s.end()
    # missing flask key
    e = dict(env); e.pop("MLFLOW_FLASK_SERVER_SECRET_KEY"); s=serve(e); print("no flask", s.process.wait(60), s.output[-400:])
    assert 0
def test_race(postgres, database, environment_for, migrate, serve, tmp_path):
    for i in range(5):
        name = database("current"); env = environment_for(name, tmp_path)
        ss = [serve(env, "--workers","2") for _ in range(3)]
        for s in ss: s.wait_until_healthy()
        print([("Created admin" in s.output, "IntegrityError" in s.output, "Traceback" in s.output) for s in ss], postgres.query(name, "select count(*) from users"), postgres.query(name, "select count(*) from experiments"))
        for s in ss: s.end()
    assert 0
