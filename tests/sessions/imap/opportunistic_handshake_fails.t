# Offered, and then it fails.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
client-hello
S+    \x15\x03\x03\x00\x02\x02\x28
close
exit  2
out   IMAP CRITICAL - tls: tls_error: *
