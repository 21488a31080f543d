# The second time SELECT opens somebody's mailbox: what the first time has shown counts no more.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --append --append
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
S+    * 1 FETCH (UID 1 RFC822.SIZE @LITERALSIZE@ BODY[] {@LITERALSIZE@}\r\n@LITERAL@)\r\na8 OK done\r\n
C     a9 UID STORE 1 +FLAGS.SILENT (\Deleted)
S     a9 OK done
C     a10 UID EXPUNGE 1
S     a10 OK done
C     a11 CLOSE
S     a11 OK done
C     a12 DELETE "mailprobe-@NAME@"
S     a12 OK done
keep  OTHER a13 CREATE "mailprobe-*-*-*-*"
S     a13 OK done
C     a14 APPEND "mailprobe-@OTHER@" {*}
literal
C
S     a14 OK done
C     a15 SELECT "mailprobe-@OTHER@"
S     * 1 EXISTS
S     a15 OK [READ-WRITE] done
C     a16 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S     * 1 FETCH (UID 77 RFC822.SIZE 3 BODY[] "abc")
S     a16 OK done
C     a17 EXAMINE *
S     * 1 EXISTS
S     a17 OK done
may   a* CLOSE
C     a* DELETE "mailprobe-@OTHER@"
S     @TAG@ OK done
C     * LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  2
out   IMAP CRITICAL - fetch_2: content_altered: *
