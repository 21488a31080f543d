# What only resembles a leftover of ours is left alone.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --cycle
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 LIST "" "mailprobe-*"
S     * LIST () "/" "mailprobe-notes"
S     * LIST () "/" "mailprobe-"
S     * LIST () "/" "mailprobe-1-2-3"
S     * LIST () "/" "mailprobe-5f5e100-zz-1-1"
S     * LIST () "/" "mailprobe-5f5e100-1-1-1-keep"
S     * LIST () "/" "mailprobe-5f5e100--1-1"
S     * LIST () "/" "mailprobe--1-1-1"
S     * LIST () "/" "mailprobe-5f5e100-1-1-1/child"
S     * LIST () "/" "xmailprobe-5f5e100-1-1-1"
S     * LIST () "/" "mailprobe-5f5e100-1-1-1-renamed-twice"
S     * LIST () "/" "Mailprobe-5f5e100-1-1-1"
S     * LIST () "/" "mailprobe-0x5f5e1-1-1-1"
S     * LIST () "/" "mailprobe-+5f5e1-1-1-1"
S     * LIST () "/" "mailprobe-5f5e100-1-1-1\\"
S     * LIST () "/" "mailprobe-ffffffffffffffffffffffff5f5e100-1-1-1"
S     a3 OK done
keep  NAME a4 CREATE "mailprobe-*-*-*-*"
S     a4 OK done
C     a5 RENAME "mailprobe-@NAME@" "mailprobe-@NAME@-renamed"
S     a5 OK done
C     a6 DELETE "mailprobe-@NAME@-renamed"
S     a6 OK done
C     a7 LOGOUT
S     * BYE bye
S     a7 OK done
exit  0
out   IMAP OK - *
