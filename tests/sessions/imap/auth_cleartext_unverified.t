# Opportunistic TLS to who knows whom is none either.
address 192.0.2.1
listen 192.0.2.1 143
file  pass
	hunter2secret
run   check_mail_imap -H 192.0.2.1 -p 143 -U probe --password-file=@DIR@/pass --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls   cert=untrusted
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  3
out   IMAP UNKNOWN - auth: auth_cleartext: *
secret hunter2secret
