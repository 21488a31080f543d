# A completion to a command that has not been given yet.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S+    a1 OK go ahead\r\na2 OK done\r\n
exit  2
out   IMAP CRITICAL - starttls: starttls_injection: *
