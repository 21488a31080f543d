# As check_imap has it: -s, -e.
run   check_mail_imap -H localhost -p @PORT@ -s 'a1 CAPABILITY' -e 'IMAP4rev1 IDLE'
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 IDLE
S     a1 OK done
C     * LOGOUT
S     @TAG@ OK done
exit  0
out   IMAP OK - *
