"""The least configuration by which each real program forwards to the origin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.conformance.conftest import HOST, Authority


@dataclass(frozen=True)
class Place:
    """Where one program runs: a folder of its own, its two ports, and the origin's."""

    folder: Path
    authority: Authority
    http: int
    https: int
    origin: int

    @property
    def certificate(self) -> Path:
        return self.authority.files("edge")[0]

    @property
    def key(self) -> Path:
        return self.authority.files("edge")[1]

    def combined(self) -> Path:
        """Certificate and key in one file."""
        file = self.folder / "combined.pem"
        file.write_text(self.certificate.read_text() + self.key.read_text())
        return file

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        return file


def nginx(place: Place, upstream: str = "") -> list[str]:
    temporary = "".join(
        f"  {kind}_temp_path {place.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = place.write(
        "nginx.conf",
        f"""daemon off;
user root;
pid {place.folder}/pid;
error_log {place.folder}/error.log;
events {{}}
http {{
  access_log off;
{temporary}
  server {{
    listen 127.0.0.1:{place.http};
    listen 127.0.0.1:{place.https} ssl;
    server_name {HOST};
    ssl_certificate {place.certificate};
    ssl_certificate_key {place.key};
    location / {{ proxy_pass https://localhost:{place.origin}{upstream}; }}
  }}
}}
""",
    )
    return ["nginx", "-p", str(place.folder), "-e", f"{place.folder}/error.log", "-c", str(file)]


def nginx_slash(place: Place) -> list[str]:
    return nginx(place, "/")


def haproxy(place: Place) -> list[str]:
    file = place.write(
        "haproxy.cfg",
        f"""defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend readers
  bind 127.0.0.1:{place.http}
  bind 127.0.0.1:{place.https} ssl crt {place.combined()}
  default_backend sender
backend sender
  server origin localhost:{place.origin} ssl verify required ca-file {place.authority.root}
""",
    )
    return ["haproxy", "-db", "-f", str(file)]


def apache(place: Place) -> list[str]:
    modules = ("mpm_event", "authz_core", "proxy", "proxy_http", "ssl", "socache_shmcb")
    loaded = "".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so\n" for one in modules)
    file = place.write(
        "apache.conf",
        f"""{loaded}ServerRoot {place.folder}
PidFile {place.folder}/pid
DefaultRuntimeDir {place.folder}
ErrorLog {place.folder}/error.log
User www-data
Group www-data
ServerName {HOST}
Listen 127.0.0.1:{place.http}
Listen 127.0.0.1:{place.https}
SSLProxyEngine on
<VirtualHost *:{place.http}>
  ProxyPass / https://localhost:{place.origin}/
</VirtualHost>
<VirtualHost *:{place.https}>
  SSLEngine on
  SSLCertificateFile {place.certificate}
  SSLCertificateKeyFile {place.key}
  SSLProxyEngine on
  ProxyPass / https://localhost:{place.origin}/
</VirtualHost>
""",
    )
    return ["apache2", "-d", str(place.folder), "-f", str(file), "-DFOREGROUND"]


def caddy(place: Place) -> list[str]:
    file = place.write(
        "Caddyfile",
        f"""{{
  admin off
  default_bind 127.0.0.1
  http_port {place.http}
  https_port {place.https}
  skip_install_trust
}}
{HOST} {{
  tls {place.certificate} {place.key}
  reverse_proxy https://localhost:{place.origin}
}}
""",
    )
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


def traefik(place: Place) -> list[str]:
    dynamic = place.write(
        "dynamic.yaml",
        f"""http:
  routers:
    plain: {{rule: "Host(`{HOST}`)", service: sender, entryPoints: [web]}}
    secure: {{rule: "Host(`{HOST}`)", service: sender, entryPoints: [websecure], tls: {{}}}}
  services:
    sender: {{loadBalancer: {{servers: [{{url: "https://localhost:{place.origin}"}}]}}}}
tls:
  certificates: [{{certFile: {place.certificate}, keyFile: {place.key}}}]
""",
    )
    return [
        "traefik",
        f"--entrypoints.web.address=127.0.0.1:{place.http}",
        f"--entrypoints.websecure.address=127.0.0.1:{place.https}",
        f"--providers.file.filename={dynamic}",
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
    ]


def varnish(place: Place) -> list[str]:
    file = place.write(
        "default.vcl", f'vcl 4.1;\nbackend sender {{ .host = "127.0.0.1"; .port = "{place.origin}"; }}\n'
    )
    listen = f"127.0.0.1:{place.http}"
    return [
        "varnishd",
        "-F",
        "-j",
        "none",
        "-n",
        str(place.folder / "n"),
        "-s",
        "malloc,32m",
        "-a",
        listen,
        "-f",
        str(file),
    ]


def lighttpd(place: Place) -> list[str]:
    file = place.write(
        "lighttpd.conf",
        f"""server.modules = ("mod_proxy")
server.document-root = "{place.folder}"
server.errorlog = "{place.folder}/error.log"
server.bind = "127.0.0.1"
server.port = {place.http}
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {place.origin})))
""",
    )
    return ["lighttpd", "-D", "-f", str(file)]


def h2o(place: Place) -> list[str]:
    file = place.write(
        "h2o.conf",
        f"""user: root
pid-file: {place.folder}/pid
error-log: {place.folder}/error.log
num-threads: 1
hosts:
  "{HOST}":
    listen: {{host: 127.0.0.1, port: {place.http}}}
    paths:
      "/":
        proxy.reverse.url: "https://localhost:{place.origin}/"
        proxy.ssl.cafile: {place.authority.root}
  "{HOST}:{place.https}":
    listen:
      host: 127.0.0.1
      port: {place.https}
      ssl: {{certificate-file: {place.certificate}, key-file: {place.key}}}
    paths:
      "/":
        proxy.reverse.url: "https://localhost:{place.origin}/"
        proxy.ssl.cafile: {place.authority.root}
""",
    )
    return ["h2o", "-c", str(file)]


_MANAGER = """      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: readers
          route_config:
            virtual_hosts: [{name: link, domains: ["HOST", "HOST:*"], routes: [{match: {prefix: "/"}, route: {cluster: sender}}]}]
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
""".replace("HOST", HOST)


def envoy(place: Place) -> list[str]:
    tls = f"""      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_certificates: [{{certificate_chain: {{filename: {place.certificate}}}, private_key: {{filename: {place.key}}}}}]
"""
    address = "{socket_address: {address: 127.0.0.1, port_value: %d}}"
    file = place.write(
        "envoy.yaml",
        f"""static_resources:
  listeners:
  - name: plain
    address: {address % place.http}
    filter_chains:
    - filters:
{_MANAGER}  - name: secure
    address: {address % place.https}
    filter_chains:
    - filters:
{_MANAGER}{tls}  clusters:
  - name: sender
    type: STRICT_DNS
    dns_lookup_family: V4_ONLY
    load_assignment:
      cluster_name: sender
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: localhost, port_value: {place.origin}}}}}}}
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
""",
    )
    return ["envoy", "-c", str(file), "--concurrency", "1", "--base-id", str(place.http), "--log-level", "error"]
