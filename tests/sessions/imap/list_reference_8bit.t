# A reference is part of a mailbox's name, and encoded like one.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list=Grüße,*
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 LIST "Gr&APwA3w-e" "*"
S     * LIST () "/" "Gr&APwA3w-e/x"
S     a2 OK done
C     a3 EXAMINE "INBOX"
S     * 3 EXISTS
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
