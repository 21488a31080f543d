# One message, told in two responses (RFC 9051 7.5.2: items may come in several).
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --fetch=5
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 1385659421] ok
S     a2 OK [READ-ONLY] done
C     a3 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[])
S     * 1 FETCH (UID 5 RFC822.SIZE 3)
S     * 1 FETCH (UID 5 BODY[] "abc")
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
