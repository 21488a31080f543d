# A record that does not decrypt, later on.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     * OK ready
C     a1 CAPABILITY
raw   \x17\x03\x03\x00\x20this is thirty-two bytes of junk
exit  2
out   IMAP CRITICAL - capability: tls_error: *
