# The connection ends in the middle of an answer: what came so far is none.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S+    a1 OK begin
close
exit  2
out   IMAP CRITICAL - starttls: closed: *
