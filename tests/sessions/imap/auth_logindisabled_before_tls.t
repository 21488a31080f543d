# It holds until TLS, and is forgotten with the rest.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a2 OK done
C     a3 LOGIN "probe" "hunter2secret"
S     a3 OK welcome
C     a4 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a4 OK [READ-ONLY] done
C     a5 LOGOUT
S     * BYE bye
S     a5 OK done
exit  0
out   IMAP OK - *
secret hunter2secret
