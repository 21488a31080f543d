# Asked for, it is an empty line.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@ --auth=EXTERNAL
tls   request-cert
S     * OK [CAPABILITY IMAP4rev1 AUTH=EXTERNAL] ready
C     a1 AUTHENTICATE EXTERNAL
S+    + \r\n
C
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
out   IMAP OK - *
