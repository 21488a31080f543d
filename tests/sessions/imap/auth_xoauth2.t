# The same as Google had it first.
file  token
	ya29.secrettoken
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready
C     a1 AUTHENTICATE XOAUTH2 {base64 user=probe@mx.test\x01auth=Bearer ya29.secrettoken\x01\x01}
S     a1 OK [CAPABILITY IMAP4rev1] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
out   IMAP OK - *XOAUTH2*
secret ya29.secrettoken
