# A list without IMAP4rev1 or IMAP4rev2 is tolerated: it is a word among words.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IDLE XFOO=bar;baz
S     a1 OK done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
