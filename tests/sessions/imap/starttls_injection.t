# Plaintext behind the answer to STARTTLS must never be read as if it were protected.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S+    a1 OK go ahead\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n
exit  2
out   IMAP CRITICAL - starttls: starttls_injection: *
