# To a peer that proved who it is, it is.
address 192.0.2.1
listen 192.0.2.1 143
file  pass
	hunter2secret
run   check_mail_imap -H 192.0.2.1 -p 143 -U probe --password-file=@DIR@/pass --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S     a2 OK done
C     a3 AUTHENTICATE PLAIN *
S     a3 OK done
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
