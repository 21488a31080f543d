# The connection ends in the middle of an answer: what came so far is none.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S+    * CAPABILITY IMAP4rev1
close
exit  2
out   IMAP CRITICAL - capability: closed: *
