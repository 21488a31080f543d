# An OK that came before the command is no consent.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S+    * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\na1 OK go ahead\r\n
may   a1 STARTTLS
exit  2
out   IMAP CRITICAL - *protocol: *
