# What lets go of a mailbox that is not ours is refused: ours is deleted all the same.
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
S     * 1 EXISTS
S     a7 OK [READ-WRITE] done
C     a8 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S     * 1 FETCH (UID 77 RFC822.SIZE 3 BODY[] "abc")
S     a8 OK done
C     a9 EXAMINE "mailprobe-@NAME@"
S     a9 NO not now
may   a* CLOSE
C     a* DELETE "mailprobe-@NAME@"
S     @TAG@ OK done
C     * LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  2
out   IMAP CRITICAL - fetch: content_altered: *
