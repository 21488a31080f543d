# Nor where TLS is only welcome.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S+    a1 OK go\r\n* PREAUTH hello\r\n
exit  2
out   IMAP CRITICAL - starttls: starttls_injection: *
