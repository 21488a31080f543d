# The connection ends in the middle of an answer: what came so far is none.
run   check_mail_imap -H localhost -p @PORT@ -s "x1 NOOP"
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S+    x1 OK
close
exit  2
out   IMAP CRITICAL - command: closed: *
