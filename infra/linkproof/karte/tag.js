<script type="text/javascript">
  (function() {
    var a;
    a = function() {
      var a;
      return a = a || [],
        function() {
          var b, c, d, e;
          for (c = ["init", "start", "stop", "user", "track", "action", "event", "goal", "buy", "page", "view", "admin", "group", "alias", "ready", "link", "form", "click", "submit", "cmd", "emit", "on", "send", "css", "js", "style", "option",
              "get", "set"
            ], b = function(b) {
              return function() {
                return a.push([b].concat(Array.prototype.slice.call(arguments, 0)))
              }
            }, d = 0, e = []; d < c.length;) a[c[d]] = b(c[d]), e.push(d++);
          return e
        }(), a.init = function(b, c) {
          var d, e;
          return a.api_key = b, a.options = c || {}, e = document.createElement("script"), e.type = "text/javascript", e.async = !0, e.cahrset = "utf-8", e.src = "https://static.karte.io/libs/tracker.js", d = document.getElementsByTagName(
            "script")[0], d.parentNode.insertBefore(e, d)
        }, a
    }, (window.karte_tracker_names || ["tracker"]).map(function(b) {
      return window[b] = a()
    })
  }).call(this);
  tracker.init("API_KEY", {
    httponly_cookie: true,
    track_url: 'https://HOST/track',
    chat_url: 'https://HOST/chat',
    collection_url: 'https://HOST/collection',
    general_url: 'https://HOST/general'
  });
</script>
