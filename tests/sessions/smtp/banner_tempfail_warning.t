# --tempfail holds for the greeting too.
run   check_mail_smtp -H localhost -p @PORT@ --tempfail=warning
S     450 4.3.2 busy
C     QUIT
S     221 bye
exit  1
out   SMTP WARNING - banner: tempfail: "450 4.3.2 busy"*
