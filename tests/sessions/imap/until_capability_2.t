# The second list.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --until=capability_2 --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 STARTTLS
S     a1 OK done
C     a2 STARTTLS
S     a2 OK go
tls
C     a3 CAPABILITY
S     * CAPABILITY IMAP4rev1 AUTH=PLAIN
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
