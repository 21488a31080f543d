# --tempfail holds for the greeting too.
run   check_mail_imap -H localhost -p @PORT@ --tempfail=warning
S     * BYE [UNAVAILABLE] backend down
close
exit  1
out   IMAP WARNING - banner: tempfail: *
