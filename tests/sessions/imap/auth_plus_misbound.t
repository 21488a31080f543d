# A server that advertises channel binding and cannot do TLS 1.3's, as Cyrus: mail clients get in, and so do we.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass -o json
tls   cert=good version=1.3
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256] ready
C     a1 AUTHENTICATE SCRAM-SHA-256-PLUS *
S     a1 NO bad protocol
scram-sha-256 user=probe password=hunter2secret
S     a2 OK [CAPABILITY IMAP4rev1] logged in
C     a3 EXAMINE "INBOX"
S     * 1 EXISTS
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.auth_mechanism=SCRAM-SHA-256
json  facts.auth_error=channel binding was refused
