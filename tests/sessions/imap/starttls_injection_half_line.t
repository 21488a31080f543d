# Half a line is injected as well.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S+    a1 OK go ahead\r\n* OK
exit  2
out   IMAP CRITICAL - starttls: starttls_injection: *
