# Where the list was asked for before, this is the second time.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -o json
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 STARTTLS
S     a1 OK done
C     a2 STARTTLS
S     a2 OK go
tls
C     a3 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  phases[*].name=capability_2
