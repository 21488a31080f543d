# A proper end of TLS is no proper end of an answer.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
close
exit  2
out   IMAP CRITICAL - capability: closed: *
