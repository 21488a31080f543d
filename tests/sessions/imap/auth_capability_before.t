# A list that comes before the login was said is none that holds behind it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --idle
S+    * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n
C     a1 AUTHENTICATE PLAIN *
S     a1 OK logged in
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1 IDLE
S     a2 OK done
C     a3 EXAMINE "INBOX"
S     * 3 EXISTS
S     a3 OK [READ-ONLY] done
C     a4 IDLE
S     + idling
C     DONE
S     a4 OK done
C     a5 LOGOUT
S     * BYE bye
S     a5 OK done
exit  0
