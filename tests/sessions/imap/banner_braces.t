# A greeting that ends in {5} is a sentence: no literal follows.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready, load {5}
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a1 OK done {10}
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
