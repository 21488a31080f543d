# A quota that nobody has asked for yet.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --quota -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S+    a2 OK [READ-ONLY] done\r\n* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE 99 100)\r\n
C     a3 GETQUOTAROOT "INBOX"
S     a3 OK done
may   * LOGOUT
exit  2
json  cause=protocol
