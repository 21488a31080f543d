# What was found comes before anything was searched for: it answers nothing.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=UNSEEN -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S+    a2 OK [READ-ONLY] done\r\n* SEARCH 1 2 3\r\n
C     a3 UID SEARCH UNSEEN
S     * SEARCH
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
json  values.matches=0
