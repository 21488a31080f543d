# SELECT of our mailbox opens one of 5,000 messages: nobody's mail is fetched.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --append
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     a2 OK [READ-ONLY] done
C     a3 NAMESPACE
S     * NAMESPACE (("" "/")) NIL NIL
S     a3 OK done
C     a4 LIST "" "mailprobe-*"
S     a4 OK done
keep  NAME a5 CREATE "mailprobe-*-*-*-*"
S     a5 OK done
C     a6 APPEND "mailprobe-@NAME@" {*}
literal
C
S     a6 OK done
C     a7 SELECT "mailprobe-@NAME@"
S     * 5000 EXISTS
S     a7 OK [READ-WRITE] done
may   a* EXAMINE *
may   a* CLOSE
C     a* DELETE "mailprobe-@NAME@"
S     @TAG@ OK done
C     * LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  2
out   IMAP CRITICAL - select_2: *
