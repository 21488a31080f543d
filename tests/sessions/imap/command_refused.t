# A refusal of what the user said is no verdict: he expects what he expects.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 FROB' -e BAD
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 FROB
S     x1 BAD what
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
