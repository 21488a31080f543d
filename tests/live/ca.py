# SPDX-License-Identifier: BSD-2-Clause
"""A throwaway certification authority, made by the openssl command at every run.

Ca("folder") has the file `ca.pem`; `issue` adds a certificate below it. Keys are P-256, as on most
real servers now, and because they cost a test run next to nothing.
"""

import os
import subprocess

P256 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")


def _openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def selfsigned(folder, label, names):
    """Returns (certificate, key), the paths of a pair that nobody has signed but itself."""
    pem, key = (os.path.join(folder, label + end) for end in (".pem", ".key"))
    _openssl("req", "-x509", "-newkey", *P256, "-nodes", "-subj", f"/CN={label}", "-days", "30",
             "-addext", f"subjectAltName={names}", "-keyout", key, "-out", pem)
    return pem, key


class Ca:
    def __init__(self, folder, name="mailprobe live test CA"):
        self.folder = folder
        os.makedirs(folder)
        self.file = os.path.join(folder, "ca.pem")
        self.key = os.path.join(folder, "ca.key")
        _openssl("req", "-x509", "-newkey", *P256, "-nodes",
                 "-subj", f"/CN={name}", "-days", "30",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-keyout", self.key, "-out", self.file)

    def issue(self, label, subject, names, usage):
        """Returns (certificate, key), the paths of a new pair; names as in `DNS:a,IP:127.0.0.1`."""
        pem, key, request, extensions = (
            os.path.join(self.folder, label + end) for end in (".pem", ".key", ".csr", ".ext"))
        with open(extensions, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={names}\nextendedKeyUsage={usage}\n"
                       "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                       "authorityKeyIdentifier=keyid\n")
        _openssl("req", "-new", "-newkey", *P256, "-nodes", "-subj", f"/CN={subject}",
                 "-keyout", key, "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key,
                 "-set_serial", "0x" + os.urandom(8).hex(), "-days", "30",
                 "-extfile", extensions, "-out", pem)
        return pem, key

    def ended(self, label, names):
        """As issue(), of a certificate that was good in January 2020."""
        pem, key, request, settings, index = (
            os.path.join(self.folder, label + end) for end in (".pem", ".key", ".csr", ".cnf", ".index"))
        for path, text in (index, ""), (settings, (
                f"[ca]\ndefault_ca=a\n[a]\ndatabase={index}\nnew_certs_dir={self.folder}\n"
                "default_md=sha256\nrand_serial=yes\npolicy=p\nx509_extensions=e\n"
                f"[p]\ncommonName=supplied\n[e]\nsubjectAltName={names}\n")):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        _openssl("req", "-new", "-newkey", *P256, "-nodes", "-subj", f"/CN={label}",
                 "-keyout", key, "-out", request)
        _openssl("ca", "-batch", "-config", settings, "-in", request, "-cert", self.file, "-keyfile",
                 self.key, "-startdate", "200101000000Z", "-enddate", "200131000000Z", "-out", pem,
                 "-notext")
        return pem, key

    def ending(self, days):
        """Returns the path of a certificate of this CA, with the same key, that ends in days."""
        pem = os.path.join(self.folder, f"ca-{days}.pem")
        _openssl("x509", "-in", self.file, "-signkey", self.key, "-days", str(days), "-out", pem)
        return pem

    def staple(self, pem):
        """Returns the path of an OCSP response that says that a certificate of ours is good."""
        index, out = (os.path.join(self.folder, name) for name in ("index", "response"))
        serial = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-serial"], check=True,
                                text=True, stdout=subprocess.PIPE).stdout.strip().partition("=")[2]
        with open(index, "w", encoding="ascii") as file:
            file.write(f"V\t401231235959Z\t\t{serial}\tunknown\t/CN=any\n")
        _openssl("ocsp", "-index", index, "-CA", self.file, "-rsigner", self.file,
                 "-rkey", self.key, "-issuer", self.file, "-cert", pem, "-ndays", "1",
                 "-respout", out)
        return out
