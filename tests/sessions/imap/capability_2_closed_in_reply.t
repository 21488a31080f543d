# The connection ends in the middle of an answer: what came so far is none.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 STARTTLS
S     a1 OK done
C     a2 STARTTLS
S     a2 OK go ahead
tls
C     a3 CAPABILITY
S+    * CAPABILITY IMAP4rev1
close
exit  2
out   IMAP CRITICAL - capability_2: closed: *
