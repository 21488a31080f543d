# More numbers than a listing may have.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=ALL -t 30
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
skip  bytes: the same
C     a3 UID SEARCH ALL
S+    * SEARCH
fill  1000001 \x201
S+    \r\na3 OK done\r\n
may   * LOGOUT
within 10
exit  2
out   IMAP CRITICAL - search: protocol: *
