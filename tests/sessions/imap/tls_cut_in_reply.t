# An end without close_notify inside an answer is a cut.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   no-notify
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
close
exit  2
out   IMAP CRITICAL - capability: closed: *
